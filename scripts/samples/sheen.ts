import { add, dot, normalize, type Vec3 } from './vec.js'

/** Reflectance of skin straight on: refractive index 1.4. */
export const SKIN_F0 = 0.028

/** Cook-Torrance with two lobes, as measured on faces: a broad one and a tighter oily one. */
export function sheen(normal: Vec3, view: Vec3, toward: Vec3, roughness: number): number {
  const nl = dot(normal, toward)
  const nv = dot(normal, view)
  if (nl <= 0 || nv <= 0) return 0
  const half = normalize(add(view, toward))
  const nh = Math.max(0, dot(normal, half))
  const fresnel = SKIN_F0 + (1 - SKIN_F0) * (1 - Math.max(0, dot(half, view))) ** 5
  const lobe = 0.7 * ggx(nh, roughness) + 0.3 * ggx(nh, roughness * 0.6)
  return (fresnel * lobe * nl) / (4 * Math.max(nl, nv) * (0.5 + 0.5 * Math.min(nl, nv)))
}

function ggx(nh: number, roughness: number): number {
  const a = roughness ** 4
  return a / (nh * nh * (a - 1) + 1) ** 2
}
