// The entry of a face worker thread: its composition root. It builds its own pipeline and answers tasks of the pool.
import { workerData } from 'node:worker_threads'
import { answerFaceTask, type FaceWorkerTask } from './adapters/workers/face-task.js'
import { composeFacePipeline, type FacePipelineOptions } from './compose-face.js'

const started = composeFacePipeline(workerData as FacePipelineOptions)
// A failed start answers tasks, it does not end the thread: the pool would only start another one.
await Promise.allSettled([started])

export default (task: FaceWorkerTask) => answerFaceTask(started, task)
