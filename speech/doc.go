// Package speech is the ears and the voice: recognisers and synthesizers, whoever makes them.
//
// A Recognizer opens one Stream per call; the robot writes 20 ms frames of 8 kHz
// A-law into it and reads what was Heard: partials while the callee talks, one
// Final per utterance. Before each turn it hands over the phrases it expects
// (Hint), which our own recogniser scores against the audio. A Synthesizer turns
// text into 8 kHz A-law; fixed prompts are rendered once, when a script is
// published, and kept in a Prompts cache, so that playing is a copy.
//
// Vendors are sub-packages (speech/funasr, speech/espeak, …) that pass the one
// contract test in speech/speechtest. No recogniser configured is a state, not an
// error: the robot then understands digits and real-time text only, and says so.
package speech
