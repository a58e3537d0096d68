// Records what the original's telemetry does: the npm package `@better-auth/telemetry`, which must be installed beside this file or
// above it. What it prints stands in more-events.jsonl; events.jsonl has the same form, with more of what came out.
//
//     node record.mjs < starts.jsonl > more-events.jsonl
//
// A start has `name`, `env`, `cwd_files`, `options`, `context` and `publish`, and sometimes `then`, `late_env` and `server`. Each is run
// in a process, an environment and a directory of its own, and printed with `events` and `http`.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode } from "./decode.mjs";

const SELF = fileURLToPath(import.meta.url);
const SETTLED_MS = 250;
const PENDING_MS = 1500;

const lines = (text) => text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
const [start, events] = process.argv.slice(2);
if (start) await play(JSON.parse(readFileSync(start, "utf8")), events);
else for (const given of lines(readFileSync(0, "utf8"))) console.log(JSON.stringify(await record(given)));

/** Starts a process, and gathers what came out of it. */
async function record(given) {
  const directory = mkdtempSync(join(tmpdir(), "record-"));
  const [start, events, project] = ["start.json", "events.jsonl", "project"].map((name) => join(directory, name));
  mkdirSync(project);
  for (const [path, content] of Object.entries(given.cwd_files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), content);
  }
  writeFileSync(start, JSON.stringify(given));
  writeFileSync(events, "");

  const http = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method, url: path } = request;
    const headers = { "content-type": request.headers["content-type"] };
    // A redirect that is followed by GET brings no body.
    const event = body ? JSON.parse(body) : {};
    http.push({ method, path, headers, body: known(event), body_top_level_keys_in_order: Object.keys(event) });
    answer(path === "/moved" ? undefined : given.server, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${server.address().port}/ingest`;
  const env = Object.entries(given.env).map(([name, value]) => [name, value.replace("$ENDPOINT", endpoint)]);
  const options = { cwd: project, env: Object.fromEntries(env), stdio: "ignore" };
  await once(spawn(process.execPath, [SELF, start, events], options), "exit");
  server.closeAllConnections();
  server.close();
  const handed = lines(readFileSync(events, "utf8")).map(known);
  rmSync(directory, { recursive: true });
  return { ...given, events: handed, http };
}

function answer(as, response) {
  if (as?.startsWith("redirect-")) response.writeHead(Number(as.slice("redirect-".length)), { location: "/moved" }).end();
  else if (as) response.writeHead(Number(as)).end();
  else response.writeHead(200, { "content-type": "application/json" }).end("{}");
}

/** What is another each time, and on each machine, is told by a word. */
function known(event) {
  const { systemInfo, runtime } = event.payload ?? {};
  for (const name of Object.keys(systemInfo ?? {})) {
    if (name !== "deploymentVendor") systemInfo[name] = `$${typeof systemInfo[name]}`;
  }
  if (runtime) runtime.version = "$string";
  if (/^[A-Za-z0-9]{32}$/.test(event.anonymousId)) event.anonymousId = "$alnum32";
  return event;
}

/** Starts telemetry as an application would, and publishes. */
async function play(given, events) {
  const { createTelemetry, getTelemetryAuthConfig } = await import("@better-auth/telemetry");
  Object.assign(process.env, given.late_env);
  const passed = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  for (const { options: written, context, publish } of [given, ...(given.then ?? [])]) {
    const options = decode(written);
    const customTrack = context?.customTrack && track(context.customTrack.$track, events);
    const started = createTelemetry(options, context ? { ...context, customTrack } : undefined).catch(() => {});
    const telemetry = await Promise.race([started, passed(PENDING_MS)]);
    await passed(SETTLED_MS);
    for (const event of telemetry ? publish : []) {
      const of = event.payload?.config?.$configOf;
      const config = of && (await getTelemetryAuthConfig(options, of.context ?? undefined));
      const told = of ? { ...event, payload: { ...event.payload, config } } : event;
      await Promise.race([telemetry.publish(told).catch(() => {}), passed(PENDING_MS)]);
    }
  }
  process.exit();
}

/** What takes the events, and what it does then. */
function track(kind, events) {
  const fail = () => {
    throw new Error(kind);
  };
  return (event) => {
    appendFileSync(events, `${JSON.stringify(event)}\n`);
    const fails = !kind.endsWith("-on-publish") || event.type !== "init";
    if (kind === "return-undefined") return undefined;
    if (kind === "hang") return new Promise(() => {});
    if (kind.startsWith("throw-sync") && fails) fail();
    return kind.startsWith("throw-async") && fails ? Promise.reject(new Error(kind)) : Promise.resolve();
  };
}
