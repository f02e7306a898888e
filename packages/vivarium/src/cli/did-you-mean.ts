/** Edits between two words (Levenshtein). */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((row[j - 1] ?? 0) + change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** The known word closest to a wrong one, if one is close enough to be meant. */
export function didYouMean(wrong: string, known: readonly string[]): string | undefined {
  const starts = known.filter((word) => wrong.length >= 3 && (word.startsWith(wrong) || wrong.startsWith(word)));
  if (starts.length > 0) return starts[0];
  const [best] = known.map((word) => ({ word, edits: distance(wrong, word) })).sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.max(2, Math.floor(wrong.length / 3)) ? best.word : undefined;
}
