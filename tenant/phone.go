package tenant

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"

	"yingda/platform/db"
)

// Phone is a number as it is stored: encrypted, with a keyed digest for lookup and
// uniqueness inside the tenant, and the last four digits for search.
type Phone struct {
	Cipher []byte
	Digest string // 32 hex digits
	Last4  string
}

// Vault turns numbers into Phones and back. One master key, one derived key per
// tenant and purpose, so that a digest of one tenant says nothing about another's.
type Vault struct{ master []byte }

// NewVault takes the installation's master key, at least 32 bytes.
func NewVault(master []byte) (*Vault, error) {
	if len(master) < 32 {
		return nil, errors.New("the master key must have at least 32 bytes")
	}
	return &Vault{master}, nil
}

func (v *Vault) key(tenant db.ID, purpose string) []byte {
	info := make([]byte, 8, 8+len(purpose))
	binary.BigEndian.PutUint64(info, uint64(tenant))
	k, err := hkdf.Key(sha256.New, v.master, nil, string(append(info, purpose...)), 32)
	if err != nil {
		panic(err) // only for absurd lengths
	}
	return k
}

// Digest is the number's lookup key in the tenant of ctx.
func (v *Vault) Digest(ctx context.Context, e164 string) string {
	return v.DigestFor(db.TenantOf(ctx))(e164)
}

// DigestFor returns the digest function of one tenant, for many numbers in a row.
// It is safe for one goroutine.
func (v *Vault) DigestFor(tenant db.ID) func(e164 string) string {
	mac := hmac.New(sha256.New, v.key(tenant, "phone-digest"))
	return func(e164 string) string {
		mac.Reset()
		mac.Write([]byte(e164))
		return hex.EncodeToString(mac.Sum(nil)[:16])
	}
}

// Seal encrypts a number for the tenant in ctx.
func (v *Vault) Seal(ctx context.Context, e164 string) (Phone, error) {
	return v.SealerFor(db.TenantOf(ctx))(e164)
}

// SealerFor returns Seal for one tenant, for many numbers in a row. Safe for one goroutine.
func (v *Vault) SealerFor(tenant db.ID) func(e164 string) (Phone, error) {
	digest, gcm := v.DigestFor(tenant), v.gcm(tenant, "phone")
	return func(e164 string) (Phone, error) {
		c, err := seal(gcm, []byte(e164))
		return Phone{Cipher: c, Digest: digest(e164), Last4: last4(e164)}, err
	}
}

// Open decrypts what Seal made for the tenant in ctx.
func (v *Vault) Open(ctx context.Context, c []byte) (string, error) {
	b, err := open(v.gcm(db.TenantOf(ctx), "phone"), c)
	return string(b), err
}

// SealSecret encrypts a credential of the installation (tenant 0) or of the tenant in ctx.
func (v *Vault) SealSecret(ctx context.Context, plain string) ([]byte, error) {
	return seal(v.gcm(db.TenantOf(ctx), "secret"), []byte(plain))
}

// OpenSecret decrypts what SealSecret made; no bytes give an empty secret.
func (v *Vault) OpenSecret(ctx context.Context, c []byte) (string, error) {
	if len(c) == 0 {
		return "", nil
	}
	b, err := open(v.gcm(db.TenantOf(ctx), "secret"), c)
	return string(b), err
}

func (v *Vault) gcm(tenant db.ID, purpose string) cipher.AEAD {
	block, err := aes.NewCipher(v.key(tenant, purpose))
	if err != nil {
		panic(err) // the key is 32 bytes
	}
	g, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return g
}

func seal(g cipher.AEAD, plain []byte) ([]byte, error) {
	nonce := make([]byte, g.NonceSize(), g.NonceSize()+len(plain)+g.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return g.Seal(nonce, nonce, plain, nil), nil
}

func open(g cipher.AEAD, c []byte) ([]byte, error) {
	if len(c) < g.NonceSize() {
		return nil, errors.New("sealed value is too short")
	}
	return g.Open(nil, c[:g.NonceSize()], c[g.NonceSize():], nil)
}

func last4(e164 string) string { return e164[max(0, len(e164)-4):] }

// IsLast4 says whether a text that people search by is the last four digits of a number.
func IsLast4(text string) bool { return len(text) == 4 && strings.Trim(text, "0123456789") == "" }

// ParsePhone reads a number as people type it and returns it in E.164: Chinese
// mobiles (1[3-9] and nine more), land lines with their area code, 400/800 and
// 95/96 service numbers refused (they are not leads), and other countries with +.
// Spaces, dashes, brackets, full-width digits and a leading apostrophe are forgiven.
func ParsePhone(text string) (e164 string, ok bool) {
	d, plus, ok := digits(text)
	if !ok {
		return "", false
	}
	switch {
	case plus && !strings.HasPrefix(d, "86"):
		return "+" + d, len(d) >= 8 && len(d) <= 15 && d[0] != '0'
	case plus:
		d = d[2:]
	case strings.HasPrefix(d, "0086"):
		d = d[4:]
	case strings.HasPrefix(d, "00") && len(d) >= 10: // another country, dialled the old way
		return "+" + d[2:], len(d) <= 17 && d[2] != '0'
	case len(d) == 13 && strings.HasPrefix(d, "861"):
		d = d[2:]
	}
	if len(d) == 12 && strings.HasPrefix(d, "01") && d[2] >= '3' { // 0 before a mobile
		d = d[1:]
	}
	if isMobile(d) || isLandline(d) {
		return "+86" + strings.TrimPrefix(d, "0"), true
	}
	return "", false
}

func isMobile(d string) bool { return len(d) == 11 && d[0] == '1' && d[1] >= '3' }

// isLandline: 010 and 02x with eight digits, other area codes 03xx…09xx with seven or eight.
func isLandline(d string) bool {
	if len(d) < 10 || d[0] != '0' {
		return false
	}
	local := d[4:]
	if d[1] == '1' || d[1] == '2' {
		local = d[3:]
		return d[:2] == "02" && len(local) == 8 && local[0] >= '2' || d[:3] == "010" && len(local) == 8 && local[0] >= '2'
	}
	return d[1] >= '3' && (len(local) == 7 || len(local) == 8) && local[0] >= '2'
}

// digits keeps the digits of text; ok is false where anything but digits and
// forgiven separators is left.
func digits(text string) (d string, plus, ok bool) {
	var b strings.Builder
	for _, r := range strings.TrimSpace(text) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case (r == '+' || r == '＋') && b.Len() == 0 && !plus:
			plus = true
		case strings.ContainsRune(" -()（）－—\u00a0\u3000'’\t", r):
		default:
			return "", false, false
		}
	}
	return b.String(), plus, b.Len() > 0 && b.Len() <= 17
}

// Format writes a number as a person reads it, masked unless full: 138 0000 1234,
// 138 **** 1234; other numbers keep their first two and last four digits.
func Format(e164 string, full bool) string {
	n, cn := strings.CutPrefix(e164, "+86")
	if cn && isMobile(n) {
		if !full {
			return n[:3] + " **** " + n[7:]
		}
		return n[:3] + " " + n[3:7] + " " + n[7:]
	}
	if cn {
		n = "0" + n
	} else {
		n = e164
	}
	if full || len(n) < 7 {
		return n
	}
	return n[:3] + strings.Repeat("*", len(n)-7) + n[len(n)-4:]
}
