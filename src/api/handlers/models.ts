import type { ModelServiceHandlers } from '../../generated/portcullis/v1/ModelService.js'
import { modelsToProto, type ModelReport } from '../codec/models.js'
import type { Rpc } from '../rpc.js'

/** ModelService: what the service knows of models. */
export function modelHandlers(listModels: () => ModelReport | Promise<ModelReport>, rpc: Rpc): ModelServiceHandlers {
  return {
    ListModels: rpc.unary(async () => modelsToProto(await listModels())),
  }
}
