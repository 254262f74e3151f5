/** Valid files of each kind, from which hostile ones are made. */
export const PROFILES = [
  `apiVersion: strata.dev/v1alpha1
kind: Profile
metadata:
  name: hello
  tags: [service:web, "bare"]
spec:
  version: 1.0.0-rc.1
  type: add-on
  description: >
    Three replicas
  layers:
    - { name: base, type: manifest, timeout: 90s }
    - name: web
      type: manifest
      priority: 3
      ignore:
        - { object: { kind: Deployment, group: apps, name: web }, path: "spec.replicas" }
`,
];

export const CLUSTERS = [
  `apiVersion: strata.dev/v1alpha1
kind: Cluster
metadata: { name: dev, tags: [env:dev] }
spec:
  connection: { context: kind-dev }
  profiles:
    - { name: hello, version: 1.0.0 }
  deletion: { requestedAt: "2026-01-31T12:00:00Z" }
  variables: {}
`,
];

export const LOCKS = [
  `# written by Strata
profiles:
  hello: { version: 1.0.0, revision: 2, tree: ${"ab".repeat(20)} }
  other:
    version: 2.0.0
    tree: ${"cd".repeat(32)}
    merged: ${"ef".repeat(20)}
`,
];

export const SETTINGS = [
  `apiVersion: strata.dev/v1alpha1
kind: Settings
spec:
  layerTimeout: 5m
  deletion: { forceAfter: 15m, removeAfter: 24h }
`,
];

export const MANIFESTS = [
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: app
  labels: &labels { app: web }
spec:
  replicas: 2 # enough
  selector: { matchLabels: *labels }
  template:
    metadata: { labels: *labels }
    spec:
      containers:
        - name: web
          image: "web:1"
          ports: [{ containerPort: 80, protocol: TCP }]
          env:
            - { name: A, value: "1" }
        - name: proxy
          image: proxy:1
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: app, finalizers: [example.com/a] }
spec:
  ports:
    - { name: dns, port: 53, protocol: UDP }
`,
  `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: { name: key }
    stringData: { password: "hunter2" }
  - apiVersion: v1
    kind: ConfigMapList
    items:
      - metadata: { name: a }
        data: { text: |
            some
            lines
          }
`,
  `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                parts:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [id]
                  items: { type: object, properties: { id: { type: string } } }
---
{"apiVersion": "example.com/v1", "kind": "Gadget", "metadata": {"name": "g"}, "spec": {"parts": [{"id": "a"}]}}
`,
];

export const OVERRIDES = [
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: app }
spec:
  replicas: 5
  template:
    spec:
      $setElementOrder/containers: [{ name: proxy }, { name: web }]
      containers:
        - name: web
          image: null
          env:
            - { name: B, value: "2" }
        - { name: proxy, $patch: delete }
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: app
  $deleteFromPrimitiveList/finalizers: [example.com/a]
spec: { $patch: replace, ports: [] }
---
apiVersion: v1
kind: ConfigMap
$patch: replace
metadata: { name: added, namespace: app }
data: { a: "1" }
`,
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: app }
$patch: delete
`,
];
