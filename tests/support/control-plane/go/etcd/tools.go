// Package etcd names the etcd server, so that Go builds exactly this version.
package etcd

import _ "go.etcd.io/etcd/server/v3"
