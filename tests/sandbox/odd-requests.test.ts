import { request } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { type SandboxCluster, startSandbox } from "../../sandbox/index.ts";

async function tempSandbox(): Promise<SandboxCluster> {
  const sandbox = await startSandbox({ name: "odd" });
  onTestFinished(() => sandbox.stop());
  return sandbox;
}

test("nobody without the token gets in, by header or path", async () => {
  const { server, token, kubectlServer } = await tempSandbox();
  const status = async (url: string, headers = {}) => {
    const answer = await request(url, { headers, signal: AbortSignal.timeout(10_000) });
    await answer.body.dump();
    return answer.statusCode;
  };
  expect(await status(`${server}/api/v1/secrets`)).toBe(401);
  expect(await status(`${server}/api/v1/secrets`, { authorization: "Bearer x" })).toBe(401);
  expect(await status(`${server}/token/x/api/v1/secrets`)).toBe(401);
  expect(await status(`${server}/api/v1/secrets`, { authorization: `Bearer ${token}` })).toBe(200);
  expect(await status(`${kubectlServer}/api/v1/secrets`)).toBe(200);
  expect(await status(`${server}/readyz`)).toBe(200);
});

test.each([
  ["GET", "/api/v1/namespaces/%E0%A4%A/configmaps", 400],
  ["GET", "/api/v1/namespaces/%2e%2e/configmaps/..%2f..", 404],
  ["GET", "//api", 404],
  ["TRACE", "/api/v1/configmaps", 405],
  ["POST", "/api/v1/namespaces/default/configmaps", 400],
] as const)("%s %s is refused with a Status", async (method, path, code) => {
  const { server, token } = await tempSandbox();
  const headers = { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(10_000);
  const answer = await request(`${server}${path}`, { method, headers, signal });
  expect({ status: answer.statusCode, body: await answer.body.json() }).toMatchObject({
    status: code,
    body: { kind: "Status", code },
  });
  const after = await request(`${server}/readyz`, { signal });
  expect(await after.body.text()).toBe("ok");
});
