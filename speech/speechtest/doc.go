// Package speechtest is what every recogniser must keep to, and stand-ins to keep it against.
//
//	func TestContract(t *testing.T) {
//		speechtest.Recognizer(t, func(t testing.TB) speech.Recognizer { … }, speechtest.Can{Flush: true})
//	}
//
// FunASR is a server that speaks the FunASR runtime's protocol and recognises nothing: it
// finds utterances by level and says what its script says. It is for tests of clients and is
// never started by the product.
package speechtest
