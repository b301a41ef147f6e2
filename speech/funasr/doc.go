// Package funasr speaks the FunASR runtime's WebSocket protocol (modelscope/FunASR,
// runtime/docs/websocket_protocol.md, mode 2pass), as a client.
//
//	r := funasr.New(funasr.Config{URL: "ws://10.0.0.5:10095"})
//	stream, err := r.Open(ctx, speech.Options{Hints: phrases})
//
// A connection is one stream: a text frame says hello, audio follows as binary frames,
// results come back as text frames. "2pass-online" is a partial, "2pass-offline" a final.
//
// Our own recogniser (cmd/yingda-asr, package speech/asr) speaks the same protocol and a
// little more; Config.Ours says that it is on the other end. Then audio travels as A-law,
// hints may change in mid-stream, and Flush asks for the final at once. A FunASR server
// knows neither: all hints go into the first frame, later ones take effect with the next
// call, and a Flush waits for the server's own endpoint.
//
// The frames are in wire.go, with ours marked as such; both ends use them.
package funasr
