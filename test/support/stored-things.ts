import { DEFAULT_POLICY, type Gallery, type GalleryPolicy } from '../../src/domain/gallery.js'
import type { MutationKey, NewSubject } from '../../src/domain/ports.js'
import type { FaceImageSample, NewEncounter, NewSample } from '../../src/domain/subject.js'
import { featuresAt } from './synthetic-analyser.js'

/** What goes into a store, without the services that check and analyse it. */

type FaceSample = Extract<NewSample, FaceImageSample>

export const CIRCLE = 'circle@000000000001'

export function aGallery(id: string, policy: Partial<GalleryPolicy> = {}): Gallery {
  const text = { owner: 'Border police', purpose: 'Court orders' }
  return { id, ...text, policy: { ...DEFAULT_POLICY, ...policy }, createdAtMs: 0, updatedAtMs: 0 }
}

export function aNewSubject(id: string, galleryIds: readonly string[] = []): NewSubject {
  return { id, galleryIds, externalId: `QDi.${id}`, displayName: `Name of ${id}`, attributes: { list: 'test' } }
}

export function anEncounterAt(id: string, angleDeg: number, more: Partial<FaceSample> = {}): NewEncounter {
  const samples = [aSample(angleDeg, more)]
  return { id, status: 'active', source: 'passport 2019', capturedAtMs: 5, createdAtMs: 10, samples }
}

export function aSample(angleDeg: number, more: Partial<FaceSample> = {}): FaceSample {
  const point = { x: 1, y: 2 }
  return {
    kind: 'face-image',
    modality: 'face',
    format: 'jpeg',
    widthPx: 640,
    heightPx: 480,
    face: {
      box: { x: 0, y: 0, width: 9, height: 9 },
      landmarks: [point, point, point, point, point],
      score: 0.9,
    },
    quality: { quality: 70, algorithm: 'measured', components: [] },
    algorithm: CIRCLE,
    bytes: new Uint8Array([1, 2, 3]),
    template: { algorithm: more.algorithm ?? CIRCLE, features: featuresAt(angleDeg) },
    ...more,
  }
}

/** A mutation that is not made idempotent. */
export function freely(): MutationKey {
  return { requestId: '', method: 'test', fingerprint: '' }
}

export function keyed(requestId: string, fingerprint = 'same', method = 'test'): MutationKey {
  return { requestId, method, fingerprint }
}
