// What a snapshot of Better Auth's own telemetry costs.
//
// Lines of `{"name", "options", "context"}` on standard input, in the encoding of tests/vectors; for each, a line of
// `{"name", "nanoseconds", "snapshot", "bytes"}` on standard output: the best round, for each call, and what was made.

import { createInterface } from "node:readline";
import { getTelemetryAuthConfig } from "@better-auth/telemetry";
import { decode } from "../../vectors/decode.mjs";

const WARM_UP = 20_000;
const ROUNDS = 500;
const CALLS = 50;

async function measure(call) {
  for (let done = 0; done < WARM_UP; done++) await call();
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    for (let done = 0; done < CALLS; done++) await call();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / CALLS);
  }
  return best;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, options, context } = JSON.parse(line);
  const [given, seen] = [decode(options), context ?? undefined];
  const snapshot = async () => JSON.stringify(await getTelemetryAuthConfig(given, seen));
  const made = await snapshot();
  console.log(JSON.stringify({ name, nanoseconds: await measure(snapshot), snapshot: JSON.parse(made), bytes: Buffer.byteLength(made) }));
}
