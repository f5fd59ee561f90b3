import { Argument, type Command } from 'commander'
import type { ConnectionOptions } from '../connection.js'
import { OUTCOME, OUTCOME_WORDS, type OutcomeWord } from '../monitor-words.js'
import { plain } from '../plain.js'
import { collect, withClient, withConnection, type Session } from '../session.js'
import { EXIT } from '../terminal.js'

interface OutcomeOptions extends ConnectionOptions {
  readonly gallery?: readonly string[]
}

const HELP = `
same: one of the candidates is the person of the probe; different: none of them is; inconclusive: it cannot be told, yet.
It is counted for every gallery that the candidates are in; portcullis gallery monitor shows what comes of it.`

/** `portcullis search`: what came of a search. */
export function addSearch(program: Command, session: Session): void {
  const search = program.command('search').description('what came of a search')
  withConnection(search.command('outcome').description('what an examiner found of the candidates of a search'), session)
    .argument('<search-id>', 'as the search named itself')
    .addArgument(new Argument('<outcome>', 'what was found').choices(OUTCOME_WORDS))
    .option('--gallery <id>', 'with same: the only one that this person is in; repeat for several', collect)
    .addHelpText('after', HELP)
    .action(async (searchId: string, word: OutcomeWord, { gallery = [], ...options }: OutcomeOptions) => {
      const request = { searchId, outcome: OUTCOME[word], galleryIds: [...gallery] }
      const answer = await withClient(options, (client) => client.reportOutcome(request))
      if (session.json()) session.terminal.json(plain(answer))
      else
        session.terminal.line(answer.isRepeated ? 'The same outcome was reported before.' : 'The outcome is counted.')
      session.finish(EXIT.ok)
    })
}
