import { connect } from "node:net";

/** What came back for a request. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

const DEADLINE = 20_000;
const STREAM = /^content-type: text\/event-stream/im;

/**
 * Sends bytes to an HTTP server on a connection of their own; gives its first answer, of an event stream the head alone.
 * Nothing where the server only closed the connection.
 * @param leaves whether the client ends the connection at once, as one that was cut off
 */
export function sendRaw(
  address: string,
  bytes: Uint8Array,
  { leaves }: { readonly leaves: boolean },
): Promise<RawAnswer | undefined> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: DEADLINE });
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (STREAM.test(text)) socket.destroy();
    });
    socket.on("timeout", () => {
      socket.destroy();
      reject(
        new Error(`no answer to ${JSON.stringify(Buffer.from(bytes).toString("latin1")).slice(0, 500)}`),
      );
    });
    // The server may close while we still write.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(parseAnswer(text)));
    if (leaves) socket.end(bytes);
    else socket.write(bytes);
  });
}

function parseAnswer(text: string): RawAnswer | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (status === undefined) return undefined;
  const end = text.indexOf("\r\n\r\n");
  return { status: Number(status), body: end === -1 ? "" : text.slice(end + 4) };
}
