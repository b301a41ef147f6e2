// Package models finds and verifies the files of this folder: the recogniser's
// weights, the voice detector and the simulated callee's syllables (README.md
// names origin and licence of each). It embeds nothing and runs nothing.
//
//	dir := models.Dir()            // "" = no models here: digits and text only
//	for _, s := range models.Check() {
//		fmt.Println(s.Name, s.OK, s.Why)
//	}
package models
