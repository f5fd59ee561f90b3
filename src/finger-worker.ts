// The entry of an extractor thread: its composition root. It builds its own extractor and answers tasks of the pool.
import { answerFingerTask, type FingerTask } from './adapters/workers/finger-task.js'
import { composeMinutiaeExtractor } from './compose-finger-extractor.js'

const extractor = composeMinutiaeExtractor()

export default (task: FingerTask) => answerFingerTask(extractor, task)
