package test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// sheet is an Excel file of rows; the first row is the header.
func sheet(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	for i, r := range rows {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// named is a thing with an id and a name, as most lists hold them.
type named struct {
	ID, Name, State string
}

// importLeads uploads a sheet with the columns name, phone and, where there is a third,
// project, and waits until its rows are judged.
func (p *person) importLeads(file []byte) (id string) {
	p.t.Helper()
	a := p.upload("/imports", "leads.xlsx", file, nil)
	if a.status != http.StatusCreated {
		p.t.Fatalf("upload: %s", a)
	}
	var im struct {
		ID, State string
		Accepted  int
		Sheet     struct{ Headers []any }
	}
	a.into(p.t, &im)
	mapping := map[string]any{"phone": "B", "name": "A"}
	if len(im.Sheet.Headers) > 2 {
		mapping["vars"] = map[string]string{"C": "项目"}
	}
	p.must("POST", "/imports/"+im.ID+"/mapping", mapping, nil)
	waitFor(p.t, 20*time.Second, "the import", func() bool {
		p.must("GET", "/imports/"+im.ID, nil, &im)
		return im.State != "checking"
	})
	if im.State != "ready" {
		p.t.Fatalf("the import is %+v", im)
	}
	return im.ID
}

// draft is the body of a campaign that uses everything: the published script, every free
// seat, the all-day hours, the keyword SMS and a push for A and B.
func (p *person) draft(name, importID string) map[string]any {
	p.t.Helper()
	scripts := page[named](p, "/scripts?state=published&")
	templates := page[named](p, "/time-templates?")
	seats := []string{}
	for _, s := range page[named](p, "/seats?free=true&") {
		seats = append(seats, s.ID)
	}
	if len(scripts) == 0 || len(templates) == 0 {
		p.t.Fatal("there is no published script, or no hours")
	}
	day := templates[0].ID
	for _, t := range templates {
		if strings.HasPrefix(t.Name, "全天") {
			day = t.ID
		}
	}
	var reps struct{ Items []named }
	var sms []struct{ ID, Kind string }
	p.must("GET", "/users?role=sales", nil, &reps)
	p.must("GET", "/sms/templates", nil, &sms)
	d := map[string]any{"name": name, "script_id": scripts[0].ID, "import_id": importID, "seat_ids": seats, "template_id": day, "start": "now"}
	if len(reps.Items) > 0 {
		d["push"] = map[string]any{"grades": []string{"A", "B"}, "mode": "each", "rep_ids": []string{reps.Items[0].ID}}
	}
	for _, t := range sms {
		if t.Kind == "keyword" {
			d["keyword_sms"] = map[string]any{"template_id": t.ID}
		}
	}
	return d
}

// launch creates a campaign that starts at once.
func (p *person) launch(draft map[string]any) (id string) {
	p.t.Helper()
	var c named
	p.must("POST", "/campaigns", draft, &c)
	return c.ID
}

// campaignState of a campaign and how far it is.
type campaignState struct {
	State  string
	Counts struct{ Total, Called, Connected, Active, Waiting int }
}

func (p *person) campaign(id string) (c campaignState) {
	p.t.Helper()
	p.must("GET", "/campaigns/"+id, nil, &c)
	return c
}

// finish waits until the campaign is completed.
func (p *person) finish(id string, within time.Duration) {
	p.t.Helper()
	var last campaignState
	defer func() { p.t.Logf("campaign at its end: %+v", last) }()
	waitFor(p.t, within, "campaign completed", func() bool {
		last = p.campaign(id)
		return last.State == "completed"
	})
}

// lead is a person of the demo's roster.
type lead struct{ name, number, persona, grade string }

func (l lead) row() []any { return []any{l.name, l.number, "项目甲"} }

// leadsOf the demo's personas, as the callee program lists them.
func leadsOf(t testing.TB, bin string, n int) (all []lead) {
	t.Helper()
	for line := range strings.Lines(runProgram(t, bin, "callee", "--leads", fmt.Sprint(n))) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 4 {
			all = append(all, lead{f[0], f[1], f[2], f[3]})
		}
	}
	if len(all) != n {
		t.Fatalf("%d leads instead of %d", len(all), n)
	}
	return all
}
