import type { GalleryServiceHandlers } from '../../generated/portcullis/v1/GalleryService.js'
import type { GalleryService } from '../../services/galleries.js'
import type { GalleryMonitor } from '../../services/monitor/gallery-monitor.js'
import { pageFromProto } from '../codec/fields.js'
import { mutationFromProto } from '../codec/fingerprint.js'
import { galleriesToProto, galleryFromProto, galleryToProto } from '../codec/galleries.js'
import { monitorToProto } from '../codec/monitor.js'
import { definitions } from '../proto.js'
import type { Rpc } from '../rpc.js'

const methods = definitions.galleries

export interface GalleryServices {
  readonly galleries: GalleryService
  readonly monitor: GalleryMonitor
}

/** GalleryService: watchlists and their rules. Decode, call, encode; no decisions here. */
export function galleryHandlers({ galleries: service, monitor }: GalleryServices, rpc: Rpc): GalleryServiceHandlers {
  return {
    CreateGallery: rpc.unary(async (request) => {
      const mutation = mutationFromProto(methods.CreateGallery.requestSerialize, request)
      const gallery = await service.create(galleryFromProto(request.gallery), mutation)
      return galleryToProto({ ...gallery, subjectCount: 0, referenceCount: 0 }) // nobody is in it yet
    }),
    GetGallery: rpc.unary(async (request) => galleryToProto(await service.get(request.galleryId))),
    ListGalleries: rpc.unary(async (request) => galleriesToProto(await service.list(pageFromProto(request)))),
    UpdateGallery: rpc.unary(async (request) => {
      const mutation = mutationFromProto(methods.UpdateGallery.requestSerialize, request)
      const gallery = await service.update(galleryFromProto(request.gallery), mutation)
      return galleryToProto({ ...(await service.get(gallery.id)), ...gallery }) // with the counts of now
    }),
    DeleteGallery: rpc.unary(async (request) => {
      const mutation = mutationFromProto(methods.DeleteGallery.requestSerialize, request)
      await service.delete(request.galleryId, request.removeMemberships, mutation)
      return {}
    }),
    GetGalleryMonitor: rpc.unary(async ({ galleryId, ...range }) =>
      monitorToProto(await monitor.read(galleryId, range)),
    ),
  }
}
