import { generate } from 'selfsigned'

/** PEM files of one authority and of a service and a client that it vouches for. */
export interface Certificates {
  readonly ca: Buffer
  readonly server: { readonly certificate: Buffer; readonly key: Buffer }
  readonly client: { readonly certificate: Buffer; readonly key: Buffer }
}

const OPTIONS = { keyType: 'ec', algorithm: 'sha256' } as const

export async function makeCertificates(authorityName: string): Promise<Certificates> {
  const authority = await generate([{ name: 'commonName', value: authorityName }], {
    ...OPTIONS,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const issue = async (name: string) => {
    const issued = await generate([{ name: 'commonName', value: name }], {
      ...OPTIONS,
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    })
    return { certificate: Buffer.from(issued.cert), key: Buffer.from(issued.private) }
  }
  return { ca: Buffer.from(authority.cert), server: await issue('portcullis'), client: await issue('gate-7') }
}
