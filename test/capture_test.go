package test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"yingda/platform/audio"
)

// capture is tcpdump on the loopback interface; file is empty where it cannot run. Beside
// it runs a bare loop of 20 ms, to tell what the machine itself could keep meanwhile.
type capture struct {
	file, why string
	cmd       *exec.Cmd
	pace      float64 // of the bare loop, per second; known after stop
	rest      chan struct{}
	rested    chan struct{}
}

// busy says that the machine had too much else to do for measurements.
func (c *capture) busy() bool { return c.pace > 0 && c.pace < 49.5 }

func startCapture(t *testing.T, dir string) *capture {
	t.Helper()
	c := &capture{file: filepath.Join(dir, "loopback.pcap")}
	c.cmd = exec.Command("tcpdump", "-i", "lo", "-U", "-B", "8192", "-s", "2000", "-w", c.file, "udp")
	said := &lines{}
	c.cmd.Stderr = said
	if err := c.cmd.Start(); err != nil {
		return &capture{why: err.Error()}
	}
	for range 50 {
		if strings.Contains(said.String(), "listening on") {
			c.rest, c.rested = make(chan struct{}), make(chan struct{})
			go c.keepPace()
			return c
		}
		time.Sleep(50 * time.Millisecond)
	}
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
	return &capture{why: said.String()}
}

func (c *capture) stop() {
	if c.cmd != nil {
		close(c.rest)
		<-c.rested
		_ = c.cmd.Process.Signal(syscall.SIGINT)
		_ = c.cmd.Wait()
	}
}

// keepPace wakes every 20 ms on an absolute schedule and leaves out the ticks that it
// slept through, as the media loops do.
func (c *capture) keepPace() {
	const tick = 20 * time.Millisecond
	began, kept := time.Now(), 0
	for due := began; ; due = due.Add(tick) {
		select {
		case <-c.rest:
			c.pace = min(50, float64(kept)/time.Since(began).Seconds())
			close(c.rested)
			return
		case <-time.After(time.Until(due)):
		}
		if time.Since(due) < tick {
			kept++
		}
	}
}

// TestFiftyPacketsASecond reads what a packet capture saw of the campaign's calls: for
// each answered call one RTP stream in each direction, without a hole, at 50 packets a
// second ± 2 % (20 ms of A-law each), and SIP from both sides. Where a bare loop could not
// keep 50 a second on this machine meanwhile, the calls may lose four times as much: they
// serve many sockets.
func TestFiftyPacketsASecond(t *testing.T) {
	h := calledHouse(t)
	if h.wire.file == "" {
		t.Skipf("no packet capture here (it needs root and tcpdump): %s", h.wire.why)
	}
	packets, err := readPcap(h.wire.file)
	if err != nil {
		t.Fatal(err)
	}
	_, callee, _ := strings.Cut(h.phones.addr, ":")
	sip, streams := sort(packets, callee)
	for _, want := range []struct{ what, line, side string }{
		{"INVITE to the callee", "INVITE", ">" + callee}, {"the callee's answer", "SIP/2.0 200", callee + ">"}, {"ACK to the callee", "ACK", ">" + callee},
		{"busy from the callee", "SIP/2.0 486", callee + ">"}, {"BYE to the callee", "BYE", ">" + callee}, {"BYE from the callee", "BYE", callee + ">"},
	} {
		if !sip.has(want.line, want.side) {
			t.Errorf("no %s in the capture: %v", want.what, sip)
		}
	}
	answered := len(connected(readPhones(t, h.phones.log)))
	least := 49 - 4*(50-h.wire.pace)
	both := 0
	for at, s := range streams {
		back := streams[at.reversed()]
		if s.n < 50 {
			continue // a call's first second decides nothing
		}
		if back == nil || back.n < 50 {
			t.Errorf("RTP goes %s only one way (%d packets)", at, s.n)
			continue
		}
		both++
		if rate := s.rate(); rate < least || rate > 51 {
			t.Errorf("RTP %s: %d packets in %.2f s are %.2f a second, want 50 ± 2 %% (a bare loop managed %.2f); gaps %v", at, s.n, s.length().Seconds(), rate, h.wire.pace, s.gaps)
		}
		if !h.wire.busy() && (s.seqs != s.n || s.lost() != 0) { // a busy machine's capture loses packets itself
			t.Errorf("RTP %s: %d packets hold %d sequence numbers, %d are missing", at, s.n, s.seqs, s.lost())
		}
	}
	if both != 2*answered {
		t.Errorf("%d streams for %d answered calls, want two for each", both, answered)
	}
	t.Logf("%d SIP messages, %d RTP streams; a bare loop managed %.2f a second", len(sip), both, h.wire.pace)
}

// TestRecordingsHoldWhatWasSaid: each answered call's recording is as long as the call was
// for the callee, and where the recogniser is built it hears in it what the callee said.
func TestRecordingsHoldWhatWasSaid(t *testing.T) {
	h := calledHouse(t)
	talks := connected(readPhones(t, h.phones.log))
	set := t.TempDir()
	if err := os.Mkdir(filepath.Join(set, "wav"), 0o755); err != nil {
		t.Fatal(err)
	}
	var transcripts strings.Builder
	for _, c := range page[struct {
		ID      string
		Outcome string
	}](h.admin, "/calls?") {
		var d struct {
			Attempt string `json:"attempt_id"`
			TalkMs  int64  `json:"talk_ms"`
		}
		h.admin.must("GET", "/calls/"+c.ID, nil, &d)
		talk, has := talks[d.Attempt]
		if !has {
			continue
		}
		delete(talks, d.Attempt)
		sound := h.recording(c.ID)
		if ms := int64(len(sound.Samples)/2) * 1000 / int64(sound.Rate); sound.Channels != 2 || abs(ms-talk.length) > 700 || abs(d.TalkMs-talk.length) > 700 {
			t.Errorf("call %s lasted %d ms for the callee, %d ms in the record, %d ms in the recording of %d channels", c.ID, talk.length, d.TalkMs, ms, sound.Channels)
		}
		for i, s := range talk.said {
			name := fmt.Sprintf("%s-%d", c.ID, i)
			if err := writeWAV(filepath.Join(set, "wav", name+".wav"), left(sound, s.Start-200, s.End+300)); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&transcripts, "%s\t%s\n", name, s.Text)
		}
	}
	for attempt := range talks {
		t.Errorf("the answered call of attempt %s has no record", attempt)
	}
	if err := os.WriteFile(filepath.Join(set, "transcripts.tsv"), []byte(transcripts.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	worst := 0.3
	if h.wire.busy() { // voices with holes in them
		worst = 0.6
	}
	recognise(t, set, transcripts.String(), worst)
}

// recognise asks the shipped recogniser, offline, what it hears in the set; of all
// syllables at most the share worst may be lost.
func recognise(t *testing.T, set, said string, worst float64) {
	bin := program(t)
	for _, part := range []string{"yingda-asr", "libonnxruntime.so"} {
		if _, err := os.Stat(filepath.Join(filepath.Dir(bin), part)); err != nil {
			message := "NOT TESTED: what the recordings say; " + part + " is not built (make build)"
			if os.Getenv("CI") != "" {
				t.Fatal(message)
			}
			t.Skip(message)
		}
	}
	c := exec.Command(bin, "eval", "asr", "--set", set, "-v")
	c.Env = quietEnv()
	var out, heard bytes.Buffer
	c.Stdout, c.Stderr = &out, &heard
	if err := c.Run(); err != nil {
		t.Fatalf("%v\n%s", err, heard.String())
	}
	var report struct {
		Files      int
		CER        float64 `json:"cer"`
		SyllableER float64 `json:"syllable_er"`
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	t.Logf("%+v\n%s", report, heard.String())
	if report.Files < 5 || report.SyllableER > worst {
		t.Errorf("of %d utterances, %.0f %% of the syllables are not heard again; said:\n%s\nheard:\n%s", report.Files, 100*report.SyllableER, said, heard.String())
	}
}

func (h *demoHouse) recording(call string) *audio.Sound {
	h.admin.t.Helper()
	got := h.admin.do("GET", "/calls/"+call+"/recording", nil)
	sound, err := audio.ReadWAV(bytes.NewReader(got.body))
	if err != nil {
		h.admin.t.Fatalf("recording of %s: %v: %d %v", call, err, got.status, got.header)
	}
	return sound
}

// left is the callee's side between two moments of the call.
func left(s *audio.Sound, fromMs, toMs int64) (pcm []int16) {
	at := func(ms int64) int { return min(max(0, int(ms)*s.Rate/1000), len(s.Samples)/s.Channels) }
	for i := at(fromMs); i < at(toMs); i++ {
		pcm = append(pcm, s.Samples[i*s.Channels])
	}
	return pcm
}

func writeWAV(path string, pcm []int16) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(audio.WritePCMWAV(f, 8000, 1, pcm), f.Close())
}

func abs(n int64) int64 { return max(n, -n) }

// spoken is an answered call as its callee lived it.
type spoken struct {
	length int64 // ms
	said   []event
}

// connected calls of the callees' log, by attempt.
func connected(seen []event) map[string]spoken {
	all := map[string]spoken{}
	for _, e := range seen {
		s, has := all[e.Attempt]
		switch {
		case e.Event == "answer":
		case !has:
			continue
		case e.Event == "said" && len([]rune(e.Text)) >= 3:
			s.said = append(s.said, e)
		case e.Event == "bye":
			s.length = e.End
		}
		all[e.Attempt] = s
	}
	return all
}

// packet is a UDP datagram of the capture.
type packet struct {
	at       time.Time
	from, to uint16
	payload  []byte
}

// readPcap reads IPv4 UDP datagrams out of a capture of an Ethernet-like interface
// (tcpdump's own format, little endian; RFC draft-ietf-opsawg-pcap).
func readPcap(file string) (all []packet, err error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if len(b) < 24 || binary.LittleEndian.Uint32(b) != 0xa1b2c3d4 || binary.LittleEndian.Uint32(b[20:]) != 1 {
		return nil, fmt.Errorf("%s is no Ethernet capture in microseconds", file)
	}
	for b = b[24:]; len(b) >= 16; {
		at := time.Unix(int64(binary.LittleEndian.Uint32(b)), 1000*int64(binary.LittleEndian.Uint32(b[4:])))
		n := int(binary.LittleEndian.Uint32(b[8:]))
		if len(b) < 16+n {
			break
		}
		frame := b[16 : 16+n]
		b = b[16+n:]
		if len(frame) < 14+20+8 || frame[12] != 8 || frame[13] != 0 || frame[23] != 17 {
			continue // not IPv4, not UDP
		}
		udp := frame[14+int(frame[14]&15)*4:]
		all = append(all, packet{at, binary.BigEndian.Uint16(udp), binary.BigEndian.Uint16(udp[2:]), udp[8:]})
	}
	return all, nil
}

// signals are first words of SIP messages with where they went: "INVITE 5070>5090".
type signals []string

func (all signals) has(line, side string) bool {
	for _, s := range all {
		if what, way, _ := strings.Cut(s, "\t"); strings.HasPrefix(what, line) && (strings.HasPrefix(way, side) || strings.HasSuffix(way, side)) {
			return true
		}
	}
	return false
}

// way is where a stream goes.
type way struct{ from, to uint16 }

func (w way) reversed() way  { return way{w.to, w.from} }
func (w way) String() string { return fmt.Sprintf("from port %d to %d", w.from, w.to) }

// stream is the voice of one direction: RTP version 2, payload types 0 and 8 (RFC 3551).
type stream struct {
	n           int
	gaps        []time.Duration // longer than a packet was due
	first, last time.Time
	seen        map[uint16]bool
	low, high   int64 // sequence numbers, unwrapped
	seqs        int
}

func (s *stream) add(at time.Time, seq uint16) {
	if s.n == 0 {
		s.first, s.seen, s.low, s.high = at, map[uint16]bool{}, int64(seq), int64(seq)
	}
	s.n++
	if gap := at.Sub(s.last); s.n > 1 && gap > 40*time.Millisecond {
		s.gaps = append(s.gaps, gap.Round(time.Millisecond))
	}
	s.last = at
	if !s.seen[seq] {
		s.seen[seq] = true
		s.seqs++
	}
	now := s.high + int64(int16(seq-uint16(s.high)))
	s.high, s.low = max(s.high, now), min(s.low, now)
}

func (s *stream) length() time.Duration { return s.last.Sub(s.first) }
func (s *stream) rate() float64         { return float64(s.n-1) / s.length().Seconds() }
func (s *stream) lost() int             { return int(s.high-s.low) + 1 - s.seqs }

// sort takes the SIP messages of the callees' port, and the voice between ports that
// their SDP names (RFC 8866): other programs may telephone on this machine, too.
func sort(packets []packet, callee string) (sip signals, streams map[way]*stream) {
	streams = map[way]*stream{}
	ours := map[uint16]bool{}
	for _, p := range packets {
		line, _, _ := bytes.Cut(p.payload, []byte("\r\n"))
		mine := fmt.Sprint(p.from) == callee || fmt.Sprint(p.to) == callee
		if !mine || !bytes.Contains(line, []byte("SIP/2.0")) {
			continue
		}
		sip = append(sip, fmt.Sprintf("%s\t%d>%d", line, p.from, p.to))
		for _, m := range audioPort.FindAllSubmatch(p.payload, -1) {
			port, _ := strconv.ParseUint(string(m[1]), 10, 16)
			ours[uint16(port)] = true
		}
	}
	for _, p := range packets {
		if len(p.payload) < 12+160 || p.payload[0]>>6 != 2 || p.payload[1]&0x77 != 0 || !ours[p.from] || !ours[p.to] { // types 0 and 8
			continue
		}
		w := way{p.from, p.to}
		if streams[w] == nil {
			streams[w] = &stream{}
		}
		streams[w].add(p.at, binary.BigEndian.Uint16(p.payload[2:]))
	}
	return sip, streams
}

var audioPort = regexp.MustCompile(`\nm=audio (\d+) `)
