package main

import "slices"

// helps are what --help says of subcommands that read no flags of their own before they
// begin; the others say it themselves, with their flags.
var helps = map[string]string{
	"doctor": `usage: yingda doctor [settings]

Models, recogniser, programs and database: what is there, what is missing and what that
costs; then the settings that are not the default, and where each comes from.` + settingsToo,

	"migrate": `usage: yingda migrate [settings]

Brings the schema of the configured database up to this program. Run it before a new
version serves a shared database; an embedded one is brought up by "yingda serve".` + settingsToo,

	"models": `usage: yingda models [-json]

The files of the recogniser and of the callees' voice, with their checksums verified.
-json prints one JSON line. Exits 1 when a file is missing or broken. YINGDA_MODELS names
another folder.`,

	"bench": `usage: yingda bench media [--mode robot] [--calls N] [--seconds S] [--shards K]

Measures so many robot calls (play, receive, jitter buffer, voice detection, recording)
against a bare loop of as many sockets, and prints one JSON line.`,

	"eval": `usage: yingda eval asr --set DIR [--hints FILE] [--provider local|ws://host:10095]

Plays a folder with wav/ and transcripts.tsv to a recogniser as a telephone does, and
prints one JSON line. "yingda eval asr --help" lists all flags.`,

	"openapi": `usage: yingda openapi

Prints the OpenAPI document of the HTTP API, as the server has it.`,

	"version": `usage: yingda version

Prints version, commit, Go version and platform.`,
}

const settingsToo = `

It takes the settings of "yingda serve --help", such as --data or --database-dsn.`

// asksHelp says whether the first thing wanted of a subcommand is help.
func asksHelp(args []string) bool {
	return len(args) > 0 && slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0])
}
