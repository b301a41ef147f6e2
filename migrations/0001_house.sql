-- +goose Up

-- tenant: whose data it is, who may see it
CREATE TABLE tenants (
  id {{pk}}, code VARCHAR(40) NOT NULL, name VARCHAR(120) NOT NULL, short_name VARCHAR(40) NOT NULL,
  zone VARCHAR(40) NOT NULL, state VARCHAR(16) NOT NULL, max_calls INT NOT NULL, sms_credit BIGINT NOT NULL,
  human_seats INT NOT NULL, settings {{json}}, valid_until {{ts}} NULL, created_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX tenants_code ON tenants (code);

CREATE TABLE users (
  id {{pk}}, tenant_id {{id}}, account VARCHAR(60) NOT NULL, name VARCHAR(60) NOT NULL, role VARCHAR(16) NOT NULL,
  password VARCHAR(200) NOT NULL, must_change SMALLINT NOT NULL, enabled SMALLINT NOT NULL, department_id {{id}},
  phone_cipher {{blob}}, phone_digest VARCHAR(32) NOT NULL, phone_last4 VARCHAR(4) NOT NULL,
  open_id VARCHAR(64) NOT NULL, locale VARCHAR(10) NOT NULL, theme VARCHAR(10) NOT NULL,
  last_login_at {{ts}} NULL, created_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX users_account ON users (tenant_id, account);

CREATE TABLE logins (
  id {{pk}}, realm VARCHAR(120) NOT NULL, failed INT NOT NULL, first_at {{ts}} NOT NULL, locked_until {{ts}} NULL
){{opts}};
CREATE UNIQUE INDEX logins_realm ON logins (realm);

CREATE TABLE sessions (
  id {{pk}}, tenant_id {{id}}, user_id {{id}}, token_digest VARCHAR(64) NOT NULL, csrf VARCHAR(64) NOT NULL,
  ip VARCHAR(64) NOT NULL, agent VARCHAR(200) NOT NULL, created_at {{ts}} NOT NULL, seen_at {{ts}} NOT NULL, expires_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX sessions_token ON sessions (token_digest);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE audits (
  id {{pk}}, tenant_id {{id}}, user_id {{id}}, user_name VARCHAR(60) NOT NULL, action VARCHAR(60) NOT NULL,
  object VARCHAR(40) NOT NULL, object_id {{id}}, args {{json}}, ip VARCHAR(64) NOT NULL, created_at {{ts}} NOT NULL
){{opts}};
CREATE INDEX audits_object ON audits (tenant_id, object, object_id, id);

CREATE TABLE tasks (
  id {{pk}}, tenant_id {{id}}, user_id {{id}}, kind VARCHAR(40) NOT NULL, title_key VARCHAR(80) NOT NULL, title_args {{json}},
  state VARCHAR(16) NOT NULL, done BIGINT NOT NULL, total BIGINT NOT NULL, result {{json}}, cancel SMALLINT NOT NULL,
  seen SMALLINT NOT NULL, created_at {{ts}} NOT NULL, updated_at {{ts}} NOT NULL
){{opts}};
CREATE INDEX tasks_user ON tasks (tenant_id, user_id, id);

-- the nodes of the installation and their leases (database time)
CREATE TABLE nodes (
  id {{pk}}, name VARCHAR(80) NOT NULL, number INT NOT NULL, epoch BIGINT NOT NULL, roles VARCHAR(60) NOT NULL,
  calls INT NOT NULL, max_calls INT NOT NULL, lag_ms DOUBLE NOT NULL, expires_ms BIGINT NOT NULL, started_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX nodes_name ON nodes (name);
CREATE UNIQUE INDEX nodes_number ON nodes (number);

CREATE TABLE trunks (
  id {{pk}}, name VARCHAR(80) NOT NULL, address VARCHAR(120) NOT NULL, username VARCHAR(80) NOT NULL, password_cipher {{blob}},
  caller_id VARCHAR(40) NOT NULL, channels INT NOT NULL, cps INT NOT NULL, enabled SMALLINT NOT NULL, created_at {{ts}} NOT NULL
){{opts}};

-- scripts
CREATE TABLE scripts (
  id {{pk}}, tenant_id {{id}}, owner_id {{id}}, department_id {{id}}, name VARCHAR(120) NOT NULL, description VARCHAR(500) NOT NULL,
  locale VARCHAR(10) NOT NULL, version INT NOT NULL, published_version INT NOT NULL, nodes INT NOT NULL, keywords INT NOT NULL,
  updated_by {{id}}, created_at {{ts}} NOT NULL, updated_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX scripts_name ON scripts (tenant_id, name);

CREATE TABLE script_versions (
  id {{pk}}, tenant_id {{id}}, script_id {{id}}, version INT NOT NULL, state VARCHAR(16) NOT NULL, definition {{longtext}} NOT NULL,
  prompts_total INT NOT NULL, prompts_ready INT NOT NULL, created_by {{id}}, created_at {{ts}} NOT NULL, published_at {{ts}} NULL
){{opts}};
CREATE UNIQUE INDEX script_versions_one ON script_versions (script_id, version);

-- campaign
CREATE TABLE seats (
  id {{pk}}, tenant_id {{id}}, owner_id {{id}}, department_id {{id}}, number VARCHAR(40) NOT NULL, name VARCHAR(60) NOT NULL,
  enabled SMALLINT NOT NULL, campaign_id {{id}}, attempt_id {{id}}, dial_count BIGINT NOT NULL, valid_until {{ts}} NULL, created_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX seats_number ON seats (tenant_id, number);
CREATE INDEX seats_campaign ON seats (campaign_id);

CREATE TABLE time_templates (
  id {{pk}}, tenant_id {{id}}, owner_id {{id}}, department_id {{id}}, name VARCHAR(80) NOT NULL, zone VARCHAR(40) NOT NULL,
  spec {{json}}, created_at {{ts}} NOT NULL, updated_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX time_templates_name ON time_templates (tenant_id, name);

CREATE TABLE imports (
  id {{pk}}, tenant_id {{id}}, owner_id {{id}}, department_id {{id}}, file_name VARCHAR(200) NOT NULL, blob_key VARCHAR(200) NOT NULL,
  reject_key VARCHAR(200) NOT NULL, state VARCHAR(16) NOT NULL, look {{json}}, mapping {{json}}, campaign_id {{id}}, task_id {{id}},
  done BIGINT NOT NULL, total BIGINT NOT NULL, accepted BIGINT NOT NULL, invalid BIGINT NOT NULL, duplicate BIGINT NOT NULL,
  dnc BIGINT NOT NULL, in_campaign BIGINT NOT NULL, cancel SMALLINT NOT NULL, fail_key VARCHAR(80) NOT NULL, created_at {{ts}} NOT NULL, updated_at {{ts}} NOT NULL
){{opts}};

CREATE TABLE campaigns (
  id {{pk}}, tenant_id {{id}}, owner_id {{id}}, department_id {{id}}, name VARCHAR(120) NOT NULL, state VARCHAR(16) NOT NULL,
  script_id {{id}}, script_version INT NOT NULL, list_id {{id}}, template_id {{id}}, rules {{json}}, start_at {{ts}} NULL,
  total BIGINT NOT NULL, called BIGINT NOT NULL, connected BIGINT NOT NULL, cursor_id {{id}}, created_by_name VARCHAR(60) NOT NULL,
  created_at {{ts}} NOT NULL, updated_at {{ts}} NOT NULL, started_at {{ts}} NULL, ended_at {{ts}} NULL
){{opts}};
CREATE INDEX campaigns_list ON campaigns (tenant_id, id);
CREATE INDEX campaigns_state ON campaigns (state);

CREATE TABLE leads (
  id {{pk}}, tenant_id {{id}}, list_id {{id}}, row_no BIGINT NOT NULL, name VARCHAR(80) NOT NULL,
  phone_cipher {{blob}}, phone_digest VARCHAR(32) NOT NULL, phone_last4 VARCHAR(4) NOT NULL, vars {{json}},
  state VARCHAR(12) NOT NULL, grade VARCHAR(1) NOT NULL, tries INT NOT NULL, last_outcome VARCHAR(24) NOT NULL, last_call_id {{id}},
  next_at {{ts}} NULL, updated_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX leads_number ON leads (list_id, phone_digest);
CREATE INDEX leads_waiting ON leads (list_id, state, id);
CREATE INDEX leads_digest ON leads (tenant_id, phone_digest);

CREATE TABLE attempts (
  id {{pk}}, tenant_id {{id}}, campaign_id {{id}}, lead_id {{id}}, try_no INT NOT NULL, state VARCHAR(12) NOT NULL,
  node VARCHAR(80) NOT NULL, epoch BIGINT NOT NULL, seat_id {{id}}, phone_digest VARCHAR(32) NOT NULL, call_id {{id}},
  outcome VARCHAR(24) NOT NULL, grade VARCHAR(1) NOT NULL, claimed_at {{ts}} NOT NULL, dialled_at {{ts}} NULL, talking_at {{ts}} NULL,
  ended_at {{ts}} NULL, turnaround_ms BIGINT NOT NULL
){{opts}};
CREATE UNIQUE INDEX attempts_one ON attempts (lead_id, try_no);
CREATE INDEX attempts_open ON attempts (state, node);
CREATE INDEX attempts_campaign ON attempts (campaign_id, state, id);

CREATE TABLE in_flights (
  id {{pk}}, tenant_id {{id}}, phone_digest VARCHAR(32) NOT NULL, attempt_id {{id}}, created_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX in_flights_one ON in_flights (tenant_id, phone_digest);

CREATE TABLE do_not_calls (
  id {{pk}}, tenant_id {{id}}, phone_cipher {{blob}}, phone_digest VARCHAR(32) NOT NULL, phone_last4 VARCHAR(4) NOT NULL,
  source VARCHAR(16) NOT NULL, note VARCHAR(200) NOT NULL, created_by {{id}}, created_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX do_not_calls_one ON do_not_calls (tenant_id, phone_digest);

-- call: append-only facts
CREATE TABLE calls (
  id {{pk}}, tenant_id {{id}}, owner_id {{id}}, department_id {{id}}, state VARCHAR(12) NOT NULL, node VARCHAR(80) NOT NULL, epoch BIGINT NOT NULL,
  direction VARCHAR(8) NOT NULL, campaign_id {{id}}, lead_id {{id}}, attempt_id {{id}}, customer_id {{id}}, seat_id {{id}}, seat_number VARCHAR(40) NOT NULL,
  trunk VARCHAR(80) NOT NULL, name VARCHAR(80) NOT NULL, phone_cipher {{blob}}, phone_digest VARCHAR(32) NOT NULL, phone_last4 VARCHAR(4) NOT NULL,
  outcome VARCHAR(24) NOT NULL, grade VARCHAR(1) NOT NULL, reason {{json}}, rounds INT NOT NULL,
  started_at {{ts}} NOT NULL, answered_at {{ts}} NULL, ended_at {{ts}} NULL, duration_ms BIGINT NOT NULL, talk_ms BIGINT NOT NULL,
  ended_by VARCHAR(12) NOT NULL, sip_status INT NOT NULL, sip_reason VARCHAR(200) NOT NULL, script_id {{id}}, script_version INT NOT NULL,
  interrupted SMALLINT NOT NULL, recording_key VARCHAR(200) NOT NULL, recording_bytes BIGINT NOT NULL, facts {{json}},
  assigned_to {{id}}, assigned_view VARCHAR(8) NOT NULL
){{opts}};
CREATE INDEX calls_tenant ON calls (tenant_id, id);
CREATE INDEX calls_campaign ON calls (campaign_id, id);
CREATE INDEX calls_grade ON calls (tenant_id, grade, id);
CREATE INDEX calls_digest ON calls (tenant_id, phone_digest, id);
CREATE INDEX calls_attempt ON calls (attempt_id);
CREATE INDEX calls_open ON calls (state, node);

CREATE TABLE call_parties (
  id {{pk}}, tenant_id {{id}}, call_id {{id}}, who VARCHAR(12) NOT NULL, seat_id {{id}}, user_id {{id}}, joined_at {{ts}} NULL, left_at {{ts}} NULL
){{opts}};
CREATE INDEX call_parties_call ON call_parties (call_id);

CREATE TABLE transcripts (
  id {{pk}}, tenant_id {{id}}, call_id {{id}}, doc {{blob}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX transcripts_call ON transcripts (call_id);

CREATE TABLE turn_journals (
  id {{pk}}, tenant_id {{id}}, call_id {{id}}, seq INT NOT NULL, doc {{longtext}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX turn_journals_one ON turn_journals (call_id, seq);

CREATE TABLE rollups (
  id {{pk}}, tenant_id {{id}}, hour {{ts}} NOT NULL, campaign_id {{id}}, seat_id {{id}}, outcome VARCHAR(24) NOT NULL, grade VARCHAR(1) NOT NULL,
  rounds INT NOT NULL, calls BIGINT NOT NULL, talk_ms BIGINT NOT NULL, duration_ms BIGINT NOT NULL
){{opts}};
CREATE UNIQUE INDEX rollups_one ON rollups (tenant_id, hour, campaign_id, seat_id, outcome, grade, rounds);
CREATE INDEX rollups_campaign ON rollups (campaign_id);

-- crm
CREATE TABLE customers (
  id {{pk}}, tenant_id {{id}}, owner_id {{id}}, department_id {{id}}, name VARCHAR(80) NOT NULL, phone_cipher {{blob}}, phone_digest VARCHAR(32) NOT NULL,
  phone_last4 VARCHAR(4) NOT NULL, age INT NOT NULL, source VARCHAR(60) NOT NULL, fields {{json}}, grade VARCHAR(1) NOT NULL, calls BIGINT NOT NULL,
  campaigns BIGINT NOT NULL, view VARCHAR(8) NOT NULL, last_call_id {{id}}, last_call_at {{ts}} NULL, created_at {{ts}} NOT NULL, updated_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX customers_number ON customers (tenant_id, phone_digest);
CREATE INDEX customers_owner ON customers (tenant_id, owner_id, id);

CREATE TABLE customer_calls (
  id {{pk}}, tenant_id {{id}}, customer_id {{id}}, campaign_id {{id}}, call_id {{id}}, created_at {{ts}} NOT NULL
){{opts}};
CREATE UNIQUE INDEX customer_calls_one ON customer_calls (call_id);
CREATE INDEX customer_calls_customer ON customer_calls (customer_id, campaign_id);

-- notify
CREATE TABLE sms_templates (
  id {{pk}}, tenant_id {{id}}, kind VARCHAR(12) NOT NULL, name VARCHAR(80) NOT NULL, text VARCHAR(1000) NOT NULL, enabled SMALLINT NOT NULL, created_at {{ts}} NOT NULL
){{opts}};

CREATE TABLE promises (
  id {{pk}}, tenant_id {{id}}, kind VARCHAR(12) NOT NULL, rule VARCHAR(80) NOT NULL, unique_key VARCHAR(160) NOT NULL, campaign_id {{id}}, call_id {{id}}, lead_id {{id}},
  user_id {{id}}, phone_cipher {{blob}}, phone_last4 VARCHAR(4) NOT NULL, open_id VARCHAR(64) NOT NULL, body {{longtext}} NOT NULL, segments INT NOT NULL,
  state VARCHAR(12) NOT NULL, tries INT NOT NULL, vendor_id VARCHAR(80) NOT NULL, error VARCHAR(300) NOT NULL, next_at {{ts}} NULL,
  created_at {{ts}} NOT NULL, sent_at {{ts}} NULL, call_ended_at {{ts}} NULL
){{opts}};
CREATE UNIQUE INDEX promises_one ON promises (unique_key);
CREATE INDEX promises_call ON promises (call_id);
CREATE INDEX promises_due ON promises (state, next_at);

CREATE TABLE official_accounts (
  id {{pk}}, tenant_id {{id}}, name VARCHAR(80) NOT NULL, app_id VARCHAR(64) NOT NULL, secret_cipher {{blob}}, token VARCHAR(64) NOT NULL,
  template_id VARCHAR(80) NOT NULL, base_url VARCHAR(200) NOT NULL, created_at {{ts}} NOT NULL
){{opts}};

-- the sandbox's own memory: what the built-in SMS gateway and WeChat simulator received
CREATE TABLE sandbox_messages (
  id {{pk}}, kind VARCHAR(12) NOT NULL, account VARCHAR(80) NOT NULL, receiver VARCHAR(80) NOT NULL, reference VARCHAR(160) NOT NULL, body {{longtext}} NOT NULL, created_at {{ts}} NOT NULL
){{opts}};
CREATE INDEX sandbox_messages_account ON sandbox_messages (account, id);

-- +goose Down
SELECT 1;
