// A commanded server in a process of its own, to be killed. Says its port on stdout.
import { CommandedServer } from './commanded-server.js'

const server = await new CommandedServer().listen(Number(process.argv[2]))
process.stdout.write(`${server.port}\n`)
