import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import { failure, sendJson, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import {
  bookmark,
  CONFIG_MAPS,
  configMap,
  FAST,
  line,
  listen,
  startStream,
  type Told,
} from "./watch-script.ts";

let server: ScriptedServer | undefined;
let told: Told | undefined;

afterEach(async () => {
  await told?.close();
  await server?.close();
});

/** Each watch that is opened is answered by the next step of the script; the last one repeats. */
async function watchScript(
  steps: ((response: ServerResponse, url: string) => void)[],
  timing = FAST,
): Promise<Told> {
  let next = 0;
  server = await startScriptedServer((request, response) => {
    const step = steps[Math.min(next, steps.length - 1)];
    next += 1;
    step?.(response, request.url ?? "");
  });
  told = listen(server.url, { labelSelector: "a=b", namespace: "ns" }, timing);
  return told;
}

const opened = (path: string | undefined): Record<string, string> =>
  Object.fromEntries(new URL(path ?? "", "http://x").searchParams);

test("asks for the initial events, tells them, and says when they are complete", async () => {
  const { until, events } = await watchScript([
    (response) => startStream(response, line("ADDED", configMap("a", "5")) + bookmark("9", true)),
  ]);
  await until("synced");
  expect(events).toEqual(["+a@5", "synced"]);
  expect(server?.paths[0]).toMatch(/^\/api\/v1\/namespaces\/ns\/configmaps\?/);
  expect(opened(server?.paths[0])).toEqual({
    watch: "true",
    allowWatchBookmarks: "true",
    sendInitialEvents: "true",
    resourceVersionMatch: "NotOlderThan",
    labelSelector: "a=b",
  });
});

test("goes on from the last bookmark when the stream ends, and lists nothing again", async () => {
  const { until, events } = await watchScript([
    (response) => {
      startStream(response, line("ADDED", configMap("a", "5")) + bookmark("9", true) + bookmark("12"));
      response.end();
    },
    (response) => startStream(response, line("MODIFIED", configMap("a", "14"))),
  ]);
  await until("+a@14");
  expect(events).toEqual(["+a@5", "synced", "+a@14"]);
  expect(opened(server?.paths[1])).toMatchObject({ resourceVersion: "12" });
  expect(opened(server?.paths[1])).not.toHaveProperty("sendInitialEvents");
});

test("starts again where the initial events were cut off, and drops the cut line", async () => {
  const { until, events } = await watchScript([
    (response) => {
      startStream(
        response,
        line("ADDED", configMap("a", "5")) + line("ADDED", configMap("b", "6")).slice(0, 40),
      );
      response.end();
    },
    (response) => startStream(response, line("ADDED", configMap("b", "6")) + bookmark("9", true)),
  ]);
  await until("synced");
  expect(events).toEqual(["+a@5", "+b@6", "-a/uid-a@unseen", "synced"]);
  expect(opened(server?.paths[1])).toHaveProperty("sendInitialEvents", "true");
});

test.each([
  [
    "an ERROR event",
    (response: ServerResponse) => startStream(response, line("ERROR", failure(410, "Expired", "too old"))),
  ],
  ["the status 410", (response: ServerResponse) => sendJson(response, failure(410, "Gone", "too old"), 410)],
])("lists anew after %s and tells what vanished or was made again meanwhile", async (_name, tooOld) => {
  const { until, events } = await watchScript([
    (response) => {
      const initial = ["a", "b", "c"].map((name) => line("ADDED", configMap(name, "5")));
      startStream(response, initial.join("") + bookmark("9", true));
      response.end();
    },
    tooOld,
    (response) =>
      startStream(
        response,
        line("ADDED", configMap("a", "5")) +
          line("ADDED", configMap("b", "30", "uid-new")) +
          bookmark("31", true),
      ),
  ]);
  await until("-c/uid-c@unseen");
  expect(events.slice(4)).toEqual(["+a@5", "-b/uid-b@unseen", "+b@30", "-c/uid-c@unseen", "synced"]);
});

test("pages a list, then watches, where the server refuses initial events", async () => {
  server = await startScriptedServer((request, response) => {
    const query = opened(request.url);
    if (query.sendInitialEvents !== undefined) {
      sendJson(response, failure(422, "Invalid", "sendInitialEvents is forbidden for watch"), 422);
    } else if (query.watch !== undefined) {
      startStream(response, line("DELETED", configMap("b", "21")));
    } else {
      const second = query.continue === "more";
      const metadata = { resourceVersion: "20", ...(second ? {} : { continue: "more" }) };
      sendJson(response, { kind: "ConfigMapList", metadata, items: [configMap(second ? "b" : "a", "5")] });
    }
  });
  told = listen(server.url, { labelSelector: "a=b" });
  await told.until("-b/uid-b@21");
  expect(told.events).toEqual(["+a@5", "+b@5", "synced", "-b/uid-b@21"]);
  expect(server.paths.map((path) => opened(path)).slice(1)).toMatchObject([
    { limit: "500", labelSelector: "a=b" },
    { limit: "500", continue: "more" },
    { watch: "true", resourceVersion: "20", allowWatchBookmarks: "true" },
  ]);
});

test("lines end with \\n alone, and a chunk may end inside a character", async () => {
  const text = "line\u2028paragraph\u2029 snow\u2603man 😀";
  const object = { ...configMap("a", "5"), data: { text } };
  const bytes = Buffer.from(line("ADDED", object) + bookmark("9", true));
  const seen: unknown[] = [];
  server = await startScriptedServer((_request, response) => {
    startStream(response);
    const half = bytes.indexOf(Buffer.from("😀")) + 2;
    response.write(bytes.subarray(0, half), () => setImmediate(() => response.write(bytes.subarray(half))));
  });
  const api = connectServer({ server: server.url }, FAST);
  await new Promise<void>((resolve, reject) => {
    api.watch(
      CONFIG_MAPS,
      {},
      {
        onUpsert: (upserted) => seen.push(upserted),
        onGone: () => {},
        onSynced: resolve,
        onDown: reject,
        onUp: () => {},
      },
    );
  });
  await api.close();
  expect(seen).toEqual([object]);
});

test("a silent stream is dead: it is opened again from the last bookmark", async () => {
  const { until } = await watchScript([
    (response) => startStream(response, bookmark("9", true)),
    (response) => startStream(response, line("ADDED", configMap("a", "11"))),
  ]);
  await until("+a@11");
  expect(opened(server?.paths[1])).toMatchObject({ resourceVersion: "9" });
});

test("a refusal is told once for each reason, and the way back too", async () => {
  const forbidden = (response: ServerResponse): void =>
    sendJson(response, failure(403, "Forbidden", "configmaps is forbidden"), 403);
  const { until, events, problems } = await watchScript([
    forbidden,
    forbidden,
    (response) => sendJson(response, failure(401, "Unauthorized", "Unauthorized"), 401),
    (response) => startStream(response, bookmark("9", true)),
  ]);
  await until("synced");
  expect(events).toEqual(["down:api-403", "down:api-401", "up", "synced"]);
  expect(problems[0]?.hint).toContain("RBAC");
});

test("a server that is away is told, and found again", async () => {
  const { until, events } = await watchScript([
    (response) => response.destroy(),
    (response) => startStream(response, bookmark("9", true)),
  ]);
  await until("synced");
  expect(events).toEqual(["down:cluster-unreachable", "up", "synced"]);
});

test("a line that is no event, and streams that end at once for ever, are told", async () => {
  const broken = await watchScript([
    (response) => startStream(response, "not json\n"),
    (response) => {
      startStream(response);
      response.end();
    },
  ]);
  await broken.until("down:stream-broken");
  expect(broken.problems[0]?.message).toBe("the API server sent a line that is no JSON");
  await expect.poll(() => broken.problems.at(-1)?.message, { timeout: 8_000 }).toContain("again and again");
});

test("a resourceVersion from the future (a restored backup) makes it list anew", async () => {
  const tooLarge = failure(504, "Timeout", "Too large resource version: 9, current: 3", {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
  });
  const { until, events } = await watchScript([
    (response) => {
      startStream(response, line("ADDED", configMap("a", "8")) + bookmark("9", true));
      response.end();
    },
    (response) => sendJson(response, tooLarge, 504),
    (response) => startStream(response, bookmark("3", true)),
  ]);
  await until("-a/uid-a@unseen");
  expect(events).toEqual(["+a@8", "synced", "-a/uid-a@unseen", "synced"]);
});

test("after close no handler is called", async () => {
  let send: (text: string) => void = () => {};
  const { until, events } = await watchScript([
    (response) => {
      startStream(response, bookmark("9", true));
      send = (text) => response.write(text);
    },
  ]);
  await until("synced");
  const closed = told?.close();
  send(line("ADDED", configMap("late", "10")));
  await closed;
  expect(events).toEqual(["synced"]);
});

test("a watch that does not tell what is there is given up as a request is, and told", async () => {
  const quick = { ...FAST, requestMs: 200, watchIdleMs: 60_000 };
  const { until, events, problems } = await watchScript(
    [
      (response) => startStream(response, line("ADDED", configMap("a", "5"))),
      (response) => startStream(response, line("ADDED", configMap("a", "5")) + bookmark("9", true)),
    ],
    quick,
  );
  await until("synced");
  expect(events).toEqual(["+a@5", "down:cluster-unreachable", "+a@5", "up", "synced"]);
  expect(problems[0]?.message).toContain("does not tell what is there");
});
