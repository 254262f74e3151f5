import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CutLine {
  /** The same server, through this line. */
  readonly server: string;
  /** Ends all connections, and takes no more. */
  cut(): void;
  mend(): Promise<void>;
  close(): void;
}

/** A line to a server that a test can cut. */
export async function cutLine(server: string): Promise<CutLine> {
  const { protocol, hostname, port, pathname } = new URL(server);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    return socket.on("error", () => socket.destroy());
  };
  const line = createServer((near) => {
    const far = keep(connect({ host: hostname, port: Number(port) }));
    keep(near).pipe(far).pipe(near);
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  });
  const listen = async (at: number): Promise<number> => {
    line.listen(at, "127.0.0.1");
    await once(line, "listening");
    return (line.address() as AddressInfo).port; // it listens on TCP
  };
  const end = (): void => {
    line.close();
    for (const socket of sockets) socket.destroy();
  };
  const own = await listen(0);
  return {
    server: `${protocol}//127.0.0.1:${own}${pathname === "/" ? "" : pathname}`,
    cut: end,
    mend: async () => void (await listen(own)),
    close: end,
  };
}
