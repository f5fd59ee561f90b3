import type { BulkEnrolRequest } from '../generated/portcullis/v1/BulkEnrolRequest.js'
import type { BulkEnrolResult__Output } from '../generated/portcullis/v1/BulkEnrolResult.js'
import type { Subject__Output } from '../generated/portcullis/v1/Subject.js'
import type { PortcullisClient } from './client.js'
import { CliError } from './failure.js'
import { ItemStream } from './item-stream.js'

/** Enrols items over BulkEnrol as if each were a call of its own: `enrol` resolves when that item is durable. */
export class BulkEnroller {
  readonly #items: ItemStream<BulkEnrolRequest, BulkEnrolResult__Output>

  constructor(client: PortcullisClient) {
    this.#items = new ItemStream(client, (deadlineMs) => client.bulkEnrol(deadlineMs))
  }

  /** @throws CliError what the service says of this item, or why the stream broke off */
  async enrol(operation: Omit<BulkEnrolRequest, 'item'>): Promise<Subject__Output> {
    const { subject } = await this.#items.send(operation)
    if (!subject) throw new CliError('UNKNOWN', 'the service sent an outcome that this program does not know')
    return subject
  }

  /** Says that no more items come. Items that wait still get their answers. */
  close(): void {
    this.#items.close()
  }
}
