/** Which of the numbers are in the longest sequence of them that ascends: the others are what is out of order. */
export function inOrder(numbers: readonly number[]): boolean[] {
  // tails[n]: the index of the smallest number that ends an ascending sequence of n + 1.
  const tails: number[] = []
  const before: number[] = []
  for (const [index, number] of numbers.entries()) {
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((numbers[tails[middle] ?? 0] ?? 0) < number) low = middle + 1
      else high = middle
    }
    before.push(low === 0 ? -1 : (tails[low - 1] ?? -1))
    tails[low] = index
  }
  const result = numbers.map(() => false)
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) result[index] = true
  return result
}
