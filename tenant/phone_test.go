package tenant

import (
	"bytes"
	"context"
	"testing"

	"yingda/platform/db"
)

func TestParsePhone(t *testing.T) {
	for in, want := range map[string]string{
		"13800001234":       "+8613800001234",
		"+86 138-0000-1234": "+8613800001234",
		"008613800001234":   "+8613800001234",
		"8613800001234":     "+8613800001234",
		"'１３８０００0１２３４":      "+8613800001234",
		"(010) 6554 3210":   "+861065543210",
		"0571-87654321":     "+8657187654321",
		"0755 2654321":      "+867552654321",
		"+1 415 555 2671":   "+14155552671",
		"12345":             "",
		"12800001234":       "",
		"138000012345":      "",
		"abc":               "",
		"":                  "",
		"1.38E+10":          "",
		"95588":             "",
		"+8612345":          "",
	} {
		got, ok := ParsePhone(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("ParsePhone(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestVaultKeepsTenantsApart(t *testing.T) {
	v, err := NewVault(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	one, two := db.WithTenant(context.Background(), 1), db.WithTenant(context.Background(), 2)
	p, err := v.Seal(one, "+8613800001234")
	if err != nil || p.Last4 != "1234" || bytes.Contains(p.Cipher, []byte("13800001234")) {
		t.Fatalf("%+v %v", p, err)
	}
	if n, err := v.Open(one, p.Cipher); err != nil || n != "+8613800001234" {
		t.Fatalf("opened as %q, %v", n, err)
	}
	if n, err := v.Open(two, p.Cipher); err == nil {
		t.Fatalf("another tenant opened it: %q", n)
	}
	if v.Digest(one, "+8613800001234") != p.Digest || v.Digest(two, "+8613800001234") == p.Digest {
		t.Fatal("a digest must be stable inside a tenant and different in another")
	}
	if _, err := NewVault([]byte("short")); err == nil {
		t.Fatal("a short master key was taken")
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		in   string
		full bool
		want string
	}{
		{"+8613800001234", false, "138 **** 1234"}, {"+8613800001234", true, "138 0000 1234"},
		{"+861065543210", false, "010****3210"}, {"+14155552671", false, "+14*****2671"},
	} {
		if got := Format(c.in, c.full); got != c.want {
			t.Errorf("Format(%s, %v) = %s, want %s", c.in, c.full, got, c.want)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	f.Add("+86 138-0000-1234")
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := ParsePhone(s); ok {
			if again, ok := ParsePhone(n); !ok || again != n {
				t.Fatalf("%q → %q → %q %v", s, n, again, ok)
			}
			Format(n, false)
		}
	})
}
