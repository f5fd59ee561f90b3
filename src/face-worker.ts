// The entry of a face worker thread: its composition root. It builds its own pipeline and answers tasks of the pool.
import { workerData } from 'node:worker_threads'
import { answerFaceTask, type FaceWorkerTask } from './adapters/workers/face-task.js'
import { composeFacePipeline, type FacePipelineOptions } from './compose-face.js'

const pipeline = await composeFacePipeline(workerData as FacePipelineOptions)

export default (task: FaceWorkerTask) => answerFaceTask(pipeline, task)
