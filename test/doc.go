// Package test holds the whole-house tests: several rooms together, through their
// real faces, on loopback. A room's own tests lie in the room.
package test
