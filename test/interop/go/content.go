package main

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// fill writes bytes whose value is their offset modulo 251, so that any chunking of them can be checked.
func fill(size, offset int) []byte {
	data := make([]byte, size)
	for i := range data {
		data[i] = byte((offset + i) % 251)
	}
	return data
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

func sumOf(size int) string {
	h := sha256.New()
	h.Write(fill(size, 0))
	return hexSum(h)
}
