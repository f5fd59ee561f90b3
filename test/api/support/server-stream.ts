import type { ClientReadableStream, StatusObject } from '@grpc/grpc-js'

/** All answers of a call that streams them, and how it ended. */
export async function drainAnswers<Output>(
  stream: ClientReadableStream<Output>,
): Promise<{ readonly answers: readonly Output[]; readonly status: StatusObject }> {
  const answers: Output[] = []
  const ended = new Promise<void>((resolve) => stream.once('end', resolve))
  stream.on('data', (answer: Output) => answers.push(answer))
  stream.on('error', () => undefined) // the status says it too
  const status = await new Promise<StatusObject>((resolve) => stream.once('status', resolve))
  await ended // it comes after the status
  return { answers, status }
}
