package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"time"

	"yingda/platform/config"
	"yingda/platform/db"
	"yingda/tenant"
)

const tenantUsage = `usage: yingda tenant --code acme --name "Acme" [--seats 10] [--calls 10] [--account admin]
       yingda tenant --code acme --person ACCOUNT [--role sales|admin] --name NAME [--phone NUMBER]
       yingda tenant --person ACCOUNT --role operator --name NAME

The first makes a tenant with robot seats and an admin, the second a person of a tenant, the
third an operator of the installation. Each prints a one-time password, which must be changed at
the first login. Stop ` + "`serve`" + ` first where it uses the same data folder.

`

// newcomers is what the subcommand was asked to make.
type newcomers struct {
	code, name, account, person, role, phone string
	seats, calls                             int
}

func tenantFlags(o outside, args []string) (n newcomers, err error) {
	f := flag.NewFlagSet("tenant", flag.ContinueOnError)
	f.SetOutput(o.err)
	f.Usage = func() { fmt.Fprint(o.err, tenantUsage); f.PrintDefaults() }
	f.StringVar(&n.code, "code", "", "tenant code, for logging in")
	f.StringVar(&n.name, "name", "", "full name of the tenant or the person")
	f.IntVar(&n.seats, "seats", 10, "robot seats of a new tenant")
	f.IntVar(&n.calls, "calls", 10, "calls at a time of a new tenant")
	f.StringVar(&n.account, "account", "admin", "account of a new tenant's first admin")
	f.StringVar(&n.person, "person", "", "account of a new person")
	f.StringVar(&n.role, "role", string(tenant.Sales), "role of a new person: sales, admin or operator")
	f.StringVar(&n.phone, "phone", "", "a new person's telephone number")
	if err := parse(f, args); err != nil {
		return n, err
	}
	n.code, n.account, n.person = tenant.Fold(n.code), tenant.Fold(n.account), tenant.Fold(n.person)
	operator := n.role == string(tenant.Operator)
	if n.name == "" || operator && n.person == "" || !operator && n.code == "" || f.NArg() > 0 {
		f.Usage()
		return n, exit(2)
	}
	return n, nil
}

func tenantCommand(ctx context.Context, o outside) error {
	mine, rest := config.Split(o.args)
	n, err := tenantFlags(o, rest)
	if err != nil {
		return err
	}
	c, err := config.Load(mine, o.env, os.ReadFile)
	if err != nil {
		return err
	}
	c.Roles = []string{"api"}
	h, err := Open(ctx, c, logger(c.Log, o.err))
	if err != nil {
		return err
	}
	defer h.Close()
	told, err := h.add(db.System(ctx, "tenant command"), n)
	if err == nil {
		fmt.Fprint(o.out, told)
	}
	return err
}

// add makes the tenant or the person, all of it or nothing, and returns what to tell: the
// one-time password is in it and nowhere else.
func (h *House) add(sys context.Context, n newcomers) (told string, err error) {
	err = h.DB.Tx(sys, func(ctx context.Context) error {
		if n.person == "" {
			told, err = h.addTenant(ctx, n)
		} else {
			told, err = h.addPerson(ctx, n)
		}
		return err
	})
	return told, err
}

// addTenant makes a tenant with seats and an admin.
func (h *House) addTenant(sys context.Context, n newcomers) (string, error) {
	if n.code == tenant.OperatorCode {
		return "", fmt.Errorf("the tenant code %q is the operators' own", n.code)
	}
	t := &tenant.Tenant{Code: n.code, Name: n.name, ShortName: n.name, Zone: "Asia/Shanghai", State: tenant.Active, MaxCalls: n.calls, Settings: []byte("{}")}
	if err := h.People.CreateTenant(sys, t); err != nil {
		return "", err
	}
	for i := range n.seats {
		number := strconv.Itoa(8001 + i)
		if err := h.Campaign.AddSeat(db.WithTenant(sys, t.ID), number, number, time.Now().UTC().AddDate(1, 0, 0)); err != nil {
			return "", err
		}
	}
	password, err := h.hire(sys, &tenant.User{TenantID: t.ID, Account: n.account, Name: n.account, Role: tenant.Admin})
	return fmt.Sprintf("tenant %s (%s) with %d robot seats\nadmin %s, one-time password %s (must be changed at the first login)\n", t.Code, n.name, n.seats, n.account, password), err
}

// addPerson makes a person of a tenant that is there, or an operator.
func (h *House) addPerson(sys context.Context, n newcomers) (string, error) {
	u := &tenant.User{Account: n.person, Name: n.name, Role: tenant.Role(n.role)}
	if u.Role != tenant.Operator {
		t, err := h.People.ByCode(sys, n.code)
		if err != nil {
			return "", err
		}
		u.TenantID = t.ID
	} else if n.code != "" && n.code != tenant.OperatorCode {
		return "", errors.New("an operator belongs to no tenant: leave out --code")
	}
	if err := h.setPhone(sys, u, n.phone); err != nil {
		return "", err
	}
	password, err := h.hire(sys, u)
	code := n.code
	if u.Role == tenant.Operator {
		code = tenant.OperatorCode
	}
	return fmt.Sprintf("%s %s (%s) of tenant code %s, one-time password %s (must be changed at the first login)\n", u.Role, u.Account, u.Name, code, password), err
}

// setPhone seals a rep's number, which they must have and nobody else may (FEATURES A6.4).
func (h *House) setPhone(sys context.Context, u *tenant.User, phone string) error {
	if phone == "" {
		if u.Role == tenant.Sales {
			return errors.New("a sales rep needs --phone")
		}
		return nil
	}
	e164, ok := tenant.ParsePhone(phone)
	if !ok {
		return fmt.Errorf("%q is no telephone number", phone)
	}
	p, err := h.Vault.Seal(db.WithTenant(sys, u.TenantID), e164)
	u.PhoneCipher, u.PhoneDigest, u.PhoneLast4 = p.Cipher, p.Digest, p.Last4
	return err
}

// hire lets a person log in with a one-time password.
func (h *House) hire(sys context.Context, u *tenant.User) (password string, err error) {
	switch u.Role {
	case tenant.Admin, tenant.Sales, tenant.Operator:
	default:
		return "", fmt.Errorf("%q is no role: admin, sales or operator", u.Role)
	}
	if u.Account == "" {
		return "", errors.New("a person needs an account")
	}
	password = tenant.NewPassword()
	u.Password, u.MustChange, u.Enabled, u.Theme = tenant.HashPassword(password), true, true, "system"
	return password, h.People.CreateUser(sys, u)
}
