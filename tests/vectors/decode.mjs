// The encoding in which the vectors write options.

/** Puts in their places what JSON cannot hold. */
export function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== "object") return value;
  if (value.$fn) return value.arity ? (_) => {} : () => {};
  if (value.$date) return new Date(value.$date);
  if (value.$num) return Number(value.$num);
  if (value.$bigint) return BigInt(value.$bigint);
  if (value.$syncProvider) return () => value.$syncProvider;
  if (value.$asyncProvider) return async () => value.$asyncProvider;
  if (value.$hangProvider) return () => new Promise(() => {});
  if (value.$rejectProvider) return () => Promise.reject(new Error(value.$rejectProvider));
  if (value.$circular) {
    const circle = {};
    circle.circle = circle;
    return circle;
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, decode(member)]));
}
