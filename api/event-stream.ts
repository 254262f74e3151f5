/** One frame of a stream of server-sent events; `data` is undefined where it only sets the id. */
export interface EventFrame {
  readonly id: string | undefined;
  readonly data: string | undefined;
}

/** The frames of a stream, comments left out (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<EventFrame> {
  const decoder = new TextDecoder();
  let pending = "";
  let id: string | undefined;
  let data: string[] = [];
  for await (const chunk of body) {
    const lines = (pending + decoder.decode(chunk, { stream: true })).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      const [field, value] = splitField(line);
      if (field === "data") data.push(value);
      if (field === "id") id = value;
      if (line !== "" || (id === undefined && data.length === 0)) continue;
      yield { id, data: data.length === 0 ? undefined : data.join("\n") };
      id = undefined;
      data = [];
    }
  }
}

function splitField(line: string): [field: string, value: string] {
  const colon = line.indexOf(":");
  return colon === -1 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}
