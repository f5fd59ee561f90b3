// The entry of the graph's process: its composition root. It ends when the process that started it closes the pipe, or is gone.
import { Socket } from 'node:net'
import { serveGraph } from './adapters/hnsw/graph-server.js'

/** The pipe's place among the open files, see `graph-link.ts`. */
const PIPE_FD = 3

process.umask(0o077) // snapshots hold biometric templates
const pipe = new Socket({ fd: PIPE_FD })
pipe.on('error', () => process.exit(1))
pipe.on('close', () => process.exit(0))
serveGraph(pipe)
