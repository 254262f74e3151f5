import { expect, test } from "vitest";
import { renderMarkedText } from "../../cli/output/marked-text.ts";
import { createStyle } from "../../cli/output/style.ts";
import { markOverridden } from "../../engine/plan/overridden-lines.ts";

const WEB = `# file: web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1
      env:
        - name: A
          value: "1"
        - name: B
          value: "2"
    - name: proxy
      image: proxy:1
`;

function service(name: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  type: ClusterIP\n`;
}

function marked(profile: string, shown: string): string[] {
  const lines = renderMarkedText({ text: shown, ...markOverridden(profile, shown) }, createStyle(false));
  return lines.split("\n").filter((line) => line.startsWith("!"));
}

const LEGEND = ["! overridden by this cluster", "!- removed by this cluster"];

test("what an override removed is marked where it is missing", () => {
  const withoutB = WEB.replace(/ +- name: B\n.*\n/, "");
  expect(marked(WEB, withoutB)).toEqual(["!-   - name: B … (2 lines)", LEGEND[1]]);
  const withoutProxy = WEB.replace(/ +- name: proxy\n.*\n/, "");
  expect(marked(WEB, withoutProxy)).toEqual(["!-   - name: proxy … (2 lines)", LEGEND[1]]);
  expect(markOverridden(WEB, withoutProxy).removed).toEqual([
    { line: 15, what: "- name: proxy … (2 lines)" },
  ]);
  const plain = WEB.replace("web:1", "web:2").replace(/ +env:\n(.*\n){4}/, "");
  expect(marked(WEB, plain)).toEqual(["!  9       image: web:2", "!-   env: … (5 lines)", ...LEGEND]);
});

test("an object that was removed is named, wherever it stood", () => {
  const both = `${service("a")}---\n${service("b")}`;
  expect(marked(both, service("b"))).toEqual(["!-  Service a", LEGEND[1]]);
  expect(marked(both, service("a"))).toEqual(["!-  Service b", LEGEND[1]]);
  expect(markOverridden(both, service("a")).removed).toEqual([{ line: 7, what: "Service b" }]);
  expect(marked(service("a"), "")).toEqual(["!-  Service a", LEGEND[1]]);
  const files = `# file: a.yaml\n${service("a")}---\n${service("b")}`;
  expect(marked(files, `# file: a.yaml\n${service("b")}`)).toEqual(["!-  Service a", LEGEND[1]]);
});

test("all lines of an object that was added are marked, also in place of another", () => {
  const added = service("b").trimEnd().split("\n");
  expect(marked(service("a"), `${service("a")}---\n${service("b")}`)).toEqual([
    ...added.map((line, index) => `! ${String(index + 8).padStart(2)} ${line}`),
    LEGEND[0],
  ]);
  expect(marked(service("a"), service("b"))).toEqual([
    "!-  Service a",
    ...added.map((line, index) => `! ${index + 1} ${line}`),
    ...LEGEND,
  ]);
});

test("line ends and changed values are nothing that is missing", () => {
  expect(marked(WEB, WEB.replaceAll("\n", "\r\n"))).toEqual([]);
  expect(marked(WEB, WEB.replace("proxy:1", "proxy:2"))).toEqual(["! 16       image: proxy:2", LEGEND[0]]);
});
