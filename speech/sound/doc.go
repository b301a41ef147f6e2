// Package sound compares Mandarin by ear: two texts that sound alike are near, however
// they are written (限购 and 现购, 32 and 三十二, 幺三八 and 138).
//
// Tones are left out: over a telephone recognisers lose them first. Characters with
// several readings count as their commonest. Numbers are read both as quantities and
// digit by digit, and whoever compares takes the nearer one.
//
//	for _, r := range sound.Readings([]rune("我要32平的")) { … }
//	cost, from, to := sound.Within(phrase, r)
package sound
