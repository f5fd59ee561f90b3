/** Works on all items, `countMax` of them at once; the results are in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  countMax: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item)
  }
  await Promise.all(Array.from({ length: countMax }, worker))
  return results
}
