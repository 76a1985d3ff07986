import { distance } from "fastest-levenshtein";

/**
 * The candidate a user most likely meant.
 *
 * @returns undefined when nothing is near: more than half of the word would have to change.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const edits = (candidate: string) => distance(word.toLowerCase(), candidate.toLowerCase());
  const [best] = [...candidates].sort((a, b) => edits(a) - edits(b));
  return best !== undefined && edits(best) <= Math.ceil(word.length / 2) ? best : undefined;
}
