package callee

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	talkfile "yingda/scriptflow/talk"
)

const usage = `yingda callee: simulated people who pick up and talk (docs/personas.md)

They answer SIP calls by the persona that the called number has, until the program
is interrupted; then a summary is printed as one JSON line.

  yingda callee --listen 127.0.0.1:5090 --log calls.jsonl
  yingda callee --leads 0          prints one round of leads (name, number, persona, grade) and ends

`

// command is what the flags say.
type command struct {
	Config
	personas, talks string
	leads           int
}

// Main runs `yingda callee` until ctx is over and returns the exit code: 0, 1 for
// what went wrong, 2 for wrong flags. "listening HOST:PORT" is the first line on out.
func Main(ctx context.Context, args []string, out, errOut io.Writer) int {
	c, err := flags(args, errOut)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := c.run(ctx, out); err != nil {
		fmt.Fprintln(errOut, "yingda callee:", err)
		return 1
	}
	return 0
}

func flags(args []string, errOut io.Writer) (*command, error) {
	c := &command{}
	c.Log = slog.New(slog.NewTextHandler(errOut, nil))
	f := flag.NewFlagSet("callee", flag.ContinueOnError)
	f.SetOutput(errOut)
	f.Usage = func() { fmt.Fprint(errOut, usage); f.PrintDefaults() }
	f.StringVar(&c.Listen, "listen", "127.0.0.1:5090", "SIP over UDP; port 0 picks a free one")
	f.StringVar(&c.personas, "personas", "", "YAML `file`; the demo's personas if absent")
	f.StringVar(&c.talks, "talks", "", "`folder` of .talk files to be replayed instead of personas")
	f.BoolVar(&c.VoiceOnly, "voice-only", false, "refuse real-time text: only speech")
	f.StringVar(&c.LogPath, "log", "", "`file` that every event is appended to as a JSON line")
	f.Uint64Var(&c.Seed, "seed", 1, "of what is drawn: variants and pauses")
	f.IntVar(&c.leads, "leads", -1, "print so many `leads` and end; 0 = one round")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		fmt.Fprintf(errOut, "yingda callee: %q is not understood\n", f.Arg(0))
		return nil, errors.New("arguments")
	}
	return c, nil
}

func (c *command) run(ctx context.Context, out io.Writer) (err error) {
	if c.Personas, err = c.people(); err != nil {
		return err
	}
	if c.leads >= 0 {
		return printLeads(out, c.Personas.Leads(c.leads))
	}
	house, err := New(c.Config)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "listening", house.Addr())
	if err := house.Run(ctx); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(house.Report())
}

// people are those of the file, of the talks, or of the demo.
func (c *command) people() (*Personas, error) {
	switch {
	case c.personas != "" && c.talks != "":
		return nil, errors.New("--personas and --talks exclude each other")
	case c.personas != "":
		return Load(c.personas)
	case c.talks != "":
		talks, err := talkfile.Load(os.DirFS(filepath.Clean(c.talks)), ".")
		if err != nil {
			return nil, err
		}
		if len(talks) == 0 {
			return nil, fmt.Errorf("no .talk file in %s", c.talks)
		}
		return FromTalks(talks)
	}
	return Demo()
}

func printLeads(out io.Writer, leads []Lead) error {
	for _, l := range leads {
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", l.Name, l.Number, l.Persona, l.Grade); err != nil {
			return err
		}
	}
	return nil
}
