// The entry of a shard's thread that does not even start.
throw new Error('a thread that cannot start')
