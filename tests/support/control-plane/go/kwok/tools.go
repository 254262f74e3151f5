// Package kwok names kwok, which plays the kubelet of fake nodes, so that Go builds exactly this version.
package kwok

import _ "sigs.k8s.io/kwok/cmd/kwok"
