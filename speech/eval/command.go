package eval

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"yingda/speech"
	"yingda/speech/local"
)

// Command is `yingda eval asr`: it measures a recogniser on a set and writes the report as
// one JSON line to out; with -v what was heard, and errors, go to log. provider makes the
// recogniser that -provider names; nil, or a nil answer, means the local one, started for
// the occasion. It fails when the set cannot be read or there is no recogniser.
func Command(ctx context.Context, args []string, out, log io.Writer, provider func(name string) speech.Recognizer) error {
	flags := flag.NewFlagSet("eval asr", flag.ContinueOnError)
	flags.SetOutput(log)
	dir := flags.String("set", "", "folder with wav/ and transcripts.tsv")
	hints := flags.String("hints", "", "file with one expected phrase a line")
	name := flags.String("provider", "local", "recogniser to measure")
	streams := flags.Int("streams", 8, "recordings played at once")
	speed := flags.Float64("speed", 1, "speed of playing; 1 = as on a telephone")
	verbose := flags.Bool("v", false, "print what was heard against what was said")
	if err := flags.Parse(args); err != nil {
		return err
	}
	o := Options{Streams: *streams, Speed: *speed}
	var err error
	if o.Set, err = Read(*dir); err != nil {
		return err
	}
	if o.Hints, err = readLines(*hints); err != nil {
		return err
	}
	if *verbose {
		o.Each = func(u Utterance, a Answer) {
			fmt.Fprintf(log, "%s\t%s\t%s\t%v\n", u.Name, u.Said, a.Text, a.Phrases)
		}
	}
	if provider != nil {
		o.Recognizer = provider(*name)
	}
	if o.Recognizer == nil {
		r, err := startLocal(ctx)
		if err != nil {
			return err
		}
		defer r.Close()
		o.Recognizer, o.CPU, o.Settles = r, cpuOf(r), true
	}
	report, err := ASR(ctx, o)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(report)
}

func startLocal(ctx context.Context) (*local.Recognizer, error) {
	r := local.Start(local.Config{Args: []string{"-no-partials"}})
	if s := r.Wait(ctx); s != local.Ready {
		r.Close()
		return nil, fmt.Errorf("no local recogniser: %s %s", s, r.Status().Detail)
	}
	return r, nil
}

// cpuOf reads the child's own books: what it took since it started.
func cpuOf(r *local.Recognizer) func(context.Context) (time.Duration, error) {
	return func(ctx context.Context) (time.Duration, error) {
		load, err := r.Load(ctx)
		return time.Duration(load.CPUMS) * time.Millisecond, err
	}
}

func readLines(path string) (all []string, err error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if l := strings.TrimSpace(lines.Text()); l != "" {
			all = append(all, l)
		}
	}
	return all, lines.Err()
}
