-- +goose Up

-- notify: a person's resend is a new submission (its own key at the vendor); which gateway took it
ALTER TABLE promises ADD COLUMN resent INT NOT NULL DEFAULT 0;
ALTER TABLE promises ADD COLUMN carrier VARCHAR(40) NOT NULL DEFAULT '';
ALTER TABLE promises ADD COLUMN first_sent_at {{ts}} NULL;
CREATE INDEX promises_list ON promises (tenant_id, id);

-- whose turn it is when pushes go round
CREATE TABLE push_turns (
  id {{pk}}, tenant_id {{id}}, campaign_id {{id}}, turn BIGINT NOT NULL
){{opts}};
CREATE UNIQUE INDEX push_turns_one ON push_turns (campaign_id);

-- a vendor that knows idempotency keys never keeps one message twice
CREATE UNIQUE INDEX sandbox_messages_one ON sandbox_messages (kind, account, reference);

-- crm: when the customer's grade was heard, so that a late listener never puts an older one over it
ALTER TABLE customers ADD COLUMN graded_at {{ts}} NULL;

-- +goose Down
SELECT 1;
