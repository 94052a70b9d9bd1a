-- +goose Up

-- Companies and persons that are billed. Source: Elevate customers.
CREATE TABLE customers (
    id BIGINT NOT NULL,
    name TEXT COLLATE "C",
    account_number TEXT COLLATE "C",
    type TEXT COLLATE "C",
    email TEXT COLLATE "C",
    start_date DATE,
    end_date DATE,
    created_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL,
    digest BYTEA,
    name_fold TEXT COLLATE "C",
    account_number_fold TEXT COLLATE "C",
    PRIMARY KEY (id)
);

-- What other billing systems call a customer.
CREATE TABLE external_ids (
    system TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    customer_id BIGINT NOT NULL,
    PRIMARY KEY (system, value),
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE INDEX external_ids_value ON external_ids (value);
CREATE INDEX external_ids_customer ON external_ids (customer_id, system, value);

-- Places at which customers take services. Source: Elevate sites.
CREATE TABLE sites (
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    name TEXT COLLATE "C",
    reference TEXT COLLATE "C",
    start_date DATE,
    end_date DATE,
    business_name TEXT COLLATE "C",
    address1 TEXT COLLATE "C",
    address2 TEXT COLLATE "C",
    address3 TEXT COLLATE "C",
    town TEXT COLLATE "C",
    county TEXT COLLATE "C",
    postcode TEXT COLLATE "C",
    country TEXT COLLATE "C",
    created_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL,
    digest BYTEA,
    name_fold TEXT COLLATE "C",
    reference_fold TEXT COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    UNIQUE (customer_id, id)
);

-- What is sold and measured as it is used. Source: Elevate usage products.
CREATE TABLE usage_products (
    id BIGINT NOT NULL,
    name TEXT COLLATE "C",
    nominal_code TEXT COLLATE "C",
    usage_product_category_id BIGINT,
    direction TEXT COLLATE "C",
    available_from DATE,
    available_to DATE,
    product_reference_can_be_range BOOLEAN,
    service_id_required BOOLEAN,
    updated_at TIMESTAMPTZ NOT NULL,
    digest BYTEA,
    name_fold TEXT COLLATE "C",
    PRIMARY KEY (id)
);

-- Usage products in service at sites. customer_id is that of the site and follows it.
CREATE TABLE usage_product_inventories (
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    site_id BIGINT NOT NULL,
    usage_product_id BIGINT NOT NULL,
    start_date DATE NOT NULL,
    end_date DATE,
    supplier_account_id BIGINT,
    bill_by_service_id BOOLEAN NOT NULL,
    service_id TEXT COLLATE "C",
    billable BOOLEAN NOT NULL,
    in_flight_order BOOLEAN NOT NULL,
    external_order_reference TEXT COLLATE "C",
    external_network_order_reference TEXT COLLATE "C",
    pending_end_date DATE,
    usage_cap_enabled BOOLEAN NOT NULL,
    default_usage_cap BIGINT,
    override_usage_cap BIGINT,
    apply_surcharges BOOLEAN NOT NULL,
    tripwire_plan_id BIGINT,
    updated_at TIMESTAMPTZ NOT NULL,
    digest BYTEA,
    service_id_fold TEXT COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id, site_id) REFERENCES sites (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE,
    FOREIGN KEY (usage_product_id) REFERENCES usage_products (id),
    UNIQUE (site_id, id, customer_id),
    UNIQUE (customer_id, id)
);
CREATE INDEX usage_product_inventories_product ON usage_product_inventories (usage_product_id, id);

-- What identifies an inventory in call records.
CREATE TABLE product_references (
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    usage_product_inventory_id BIGINT NOT NULL,
    product_reference TEXT COLLATE "C" NOT NULL,
    "primary" BOOLEAN NOT NULL,
    label TEXT COLLATE "C",
    user_id TEXT COLLATE "C",
    user_email TEXT COLLATE "C",
    cost_centre_code TEXT COLLATE "C",
    department_code TEXT COLLATE "C",
    notes TEXT COLLATE "C",
    start_date DATE,
    end_date DATE,
    product_reference_fold TEXT COLLATE "C" NOT NULL,
    label_fold TEXT COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id, usage_product_inventory_id) REFERENCES usage_product_inventories (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX product_references_inventory ON product_references (usage_product_inventory_id, id);

-- Productions of invoices. Source: Elevate bill runs.
CREATE TABLE bill_runs (
    id BIGINT NOT NULL,
    name TEXT COLLATE "C",
    billing_cycle_id BIGINT,
    period_start_date DATE,
    period_end_date DATE,
    status TEXT COLLATE "C",
    invoice_date DATE,
    include_usage_until_date DATE,
    summary_status TEXT COLLATE "C",
    "parallel" BOOLEAN,
    paused BOOLEAN,
    created_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL,
    digest BYTEA,
    name_fold TEXT COLLATE "C",
    PRIMARY KEY (id)
);

-- Bundles sold with a product. Source: Elevate inclusive usage plans.
CREATE TABLE inclusive_usage_plans (
    id BIGINT NOT NULL,
    name TEXT COLLATE "C",
    usage_product_id BIGINT,
    available_from DATE,
    available_to DATE,
    bolt_on BOOLEAN,
    tax_band_id BIGINT,
    nominal_code TEXT COLLATE "C",
    rollover_periods BIGINT,
    frequency TEXT COLLATE "C",
    trigger_charge_id BIGINT,
    min_qualifying_quantity BIGINT,
    max_per_event_quantity BIGINT,
    updated_at TIMESTAMPTZ NOT NULL,
    digest BYTEA,
    name_fold TEXT COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (usage_product_id) REFERENCES usage_products (id)
);

-- Where the plans of an inventory stand in a bill run. customer_id and site_id are those of the inventory and follow it.
CREATE TABLE inclusive_usage_balances (
    bill_run_id BIGINT NOT NULL,
    usage_product_inventory_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    site_id BIGINT NOT NULL,
    period_start_date DATE,
    period_end_date DATE,
    updated_at TIMESTAMPTZ NOT NULL,
    digest BYTEA,
    PRIMARY KEY (bill_run_id, usage_product_inventory_id),
    FOREIGN KEY (bill_run_id) REFERENCES bill_runs (id),
    FOREIGN KEY (site_id, usage_product_inventory_id, customer_id) REFERENCES usage_product_inventories (site_id, id, customer_id) ON UPDATE CASCADE ON DELETE CASCADE,
    UNIQUE (customer_id, bill_run_id, usage_product_inventory_id)
);
CREATE INDEX inclusive_usage_balances_site ON inclusive_usage_balances (site_id, bill_run_id, usage_product_inventory_id);
CREATE INDEX inclusive_usage_balances_inventory ON inclusive_usage_balances (usage_product_inventory_id, bill_run_id);

-- The plans that reach an inventory in a bill run.
CREATE TABLE inclusive_usage_assignments (
    bill_run_id BIGINT NOT NULL,
    usage_product_inventory_id BIGINT NOT NULL,
    assignment_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    assignment_level TEXT COLLATE "C" NOT NULL,
    assignment_start_date DATE,
    assignment_end_date DATE,
    inclusive_usage_plan_id BIGINT,
    PRIMARY KEY (bill_run_id, usage_product_inventory_id, assignment_id),
    FOREIGN KEY (customer_id, bill_run_id, usage_product_inventory_id) REFERENCES inclusive_usage_balances (customer_id, bill_run_id, usage_product_inventory_id) ON UPDATE CASCADE ON DELETE CASCADE,
    FOREIGN KEY (inclusive_usage_plan_id) REFERENCES inclusive_usage_plans (id)
);

-- The allowances of an assignment. allowance and remaining are millionths.
CREATE TABLE inclusive_usage_components (
    bill_run_id BIGINT NOT NULL,
    usage_product_inventory_id BIGINT NOT NULL,
    assignment_id BIGINT NOT NULL,
    component_id BIGINT NOT NULL,
    start_date TIMESTAMP NOT NULL,
    end_date TIMESTAMP,
    customer_id BIGINT NOT NULL,
    by_value BOOLEAN NOT NULL,
    charging_type TEXT COLLATE "C" NOT NULL,
    allowance BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    PRIMARY KEY (bill_run_id, usage_product_inventory_id, assignment_id, component_id, start_date),
    FOREIGN KEY (customer_id, bill_run_id, usage_product_inventory_id) REFERENCES inclusive_usage_balances (customer_id, bill_run_id, usage_product_inventory_id) ON UPDATE CASCADE ON DELETE CASCADE,
    FOREIGN KEY (bill_run_id, usage_product_inventory_id, assignment_id) REFERENCES inclusive_usage_assignments (bill_run_id, usage_product_inventory_id, assignment_id) ON DELETE CASCADE
);

-- Products of Metronome and Zenskar, as rows name them.
CREATE TABLE products (
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C",
    PRIMARY KEY (id)
);

-- Currencies and custom units that balances are kept in.
CREATE TABLE credit_types (
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C",
    PRIMARY KEY (id)
);

-- Invoices that ledger entries and entitlements name. They have no customer: each is read through a row that names it.
CREATE TABLE invoices (
    id TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C",
    number TEXT COLLATE "C",
    digest BYTEA,
    PRIMARY KEY (id)
);

-- Contracts, as rows name them.
CREATE TABLE contracts (
    id TEXT COLLATE "C" NOT NULL,
    customer_id BIGINT NOT NULL,
    name TEXT COLLATE "C",
    updated_at TIMESTAMPTZ NOT NULL,
    name_fold TEXT COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE INDEX contracts_customer ON contracts (customer_id, id);

-- Commits and credits. Source: Metronome list balances.
CREATE TABLE balances (
    id TEXT COLLATE "C" NOT NULL,
    customer_id BIGINT NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    contract_id TEXT COLLATE "C",
    product_id TEXT COLLATE "C",
    name TEXT COLLATE "C",
    description TEXT COLLATE "C",
    priority DOUBLE PRECISION,
    rate_type TEXT COLLATE "C",
    credit_type_id TEXT COLLATE "C",
    applicable_product_ids TEXT COLLATE "C",
    applicable_product_tags TEXT COLLATE "C",
    applicable_contract_ids TEXT COLLATE "C",
    specifiers TEXT COLLATE "C",
    rollover_fraction DOUBLE PRECISION,
    rolled_over_from_balance_id TEXT COLLATE "C",
    rolled_over_from_contract_id TEXT COLLATE "C",
    recurring_balance_id TEXT COLLATE "C",
    invoice_schedule TEXT COLLATE "C",
    invoice_contract_id TEXT COLLATE "C",
    subscription_config TEXT COLLATE "C",
    hierarchy_configuration TEXT COLLATE "C",
    cost_basis DOUBLE PRECISION,
    uniqueness_key TEXT COLLATE "C",
    netsuite_sales_order_id TEXT COLLATE "C",
    salesforce_opportunity_id TEXT COLLATE "C",
    created_by TEXT COLLATE "C",
    created_at TIMESTAMPTZ,
    archived_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL,
    digest BYTEA,
    ledger_digest BYTEA,
    name_fold TEXT COLLATE "C",
    description_fold TEXT COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (contract_id) REFERENCES contracts (id),
    FOREIGN KEY (product_id) REFERENCES products (id),
    FOREIGN KEY (credit_type_id) REFERENCES credit_types (id),
    UNIQUE (customer_id, id)
);
-- Not by customer first: before there are statistics, checks of foreign keys would take it.
CREATE INDEX balances_uniqueness ON balances (uniqueness_key, customer_id) WHERE uniqueness_key IS NOT NULL;

-- Custom fields of balances.
CREATE TABLE balance_custom_fields (
    balance_id TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    customer_id BIGINT NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (balance_id, "key"),
    FOREIGN KEY (customer_id, balance_id) REFERENCES balances (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX balance_custom_fields_value ON balance_custom_fields ("key", value, balance_id);

-- When how much of a balance may be used. amount is millionths.
CREATE TABLE access_segments (
    balance_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    customer_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    starting_at TIMESTAMPTZ NOT NULL,
    ending_before TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (balance_id, id),
    FOREIGN KEY (customer_id, balance_id) REFERENCES balances (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);

-- What moved balances. amount is millionths; number is the place in the source's list.
CREATE TABLE ledger_entries (
    balance_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    type_rank BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    "timestamp" TIMESTAMPTZ NOT NULL,
    segment_id TEXT COLLATE "C",
    invoice_id TEXT COLLATE "C",
    contract_id TEXT COLLATE "C",
    new_contract_id TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    running_balance BIGINT NOT NULL,
    PRIMARY KEY (balance_id, number),
    FOREIGN KEY (customer_id, balance_id) REFERENCES balances (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE,
    FOREIGN KEY (invoice_id) REFERENCES invoices (id)
);
CREATE INDEX ledger_entries_invoice ON ledger_entries (invoice_id);
CREATE INDEX ledger_entries_order ON ledger_entries (balance_id, "timestamp", type_rank, number);

-- Exact sums of ledger entries that count alike, kept by imports. Entries that end a segment are summed by their
-- timestamp, the others at the epoch.
CREATE TABLE balance_sums (
    balance_id TEXT COLLATE "C" NOT NULL,
    segment_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    customer_id BIGINT NOT NULL,
    starting_at TIMESTAMPTZ NOT NULL,
    ending_before TIMESTAMPTZ NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (balance_id, segment_id, kind, at),
    FOREIGN KEY (customer_id, balance_id) REFERENCES balances (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE
);

-- Definitions of what customers may be granted. Source: Zenskar entitlements.
CREATE TABLE entitlements (
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C",
    description TEXT COLLATE "C",
    type TEXT COLLATE "C",
    units TEXT COLLATE "C",
    is_active BOOLEAN,
    updated_at TIMESTAMPTZ NOT NULL,
    name_fold TEXT COLLATE "C",
    description_fold TEXT COLLATE "C",
    PRIMARY KEY (id)
);

-- Grants of entitlements. quantity and quantity_used are millionths. Source: Zenskar customer entitlement balances.
CREATE TABLE entitlement_balances (
    id TEXT COLLATE "C" NOT NULL,
    customer_id BIGINT NOT NULL,
    entitlement_id TEXT COLLATE "C",
    contract_id TEXT COLLATE "C",
    product_id TEXT COLLATE "C",
    invoice_id TEXT COLLATE "C",
    name TEXT COLLATE "C",
    units TEXT COLLATE "C",
    type TEXT COLLATE "C",
    quantity BIGINT,
    quantity_used BIGINT,
    active_from TIMESTAMPTZ,
    expiry_at TIMESTAMPTZ,
    event TEXT COLLATE "C",
    source_type TEXT COLLATE "C",
    source_id TEXT COLLATE "C",
    status TEXT COLLATE "C",
    created_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL,
    digest BYTEA,
    name_fold TEXT COLLATE "C",
    status_fold TEXT COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (entitlement_id) REFERENCES entitlements (id),
    FOREIGN KEY (contract_id) REFERENCES contracts (id),
    FOREIGN KEY (product_id) REFERENCES products (id),
    FOREIGN KEY (invoice_id) REFERENCES invoices (id)
);
CREATE INDEX entitlement_balances_customer ON entitlement_balances (customer_id, id);

-- Readings of the sources.
CREATE TABLE imports (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    kind TEXT COLLATE "C" NOT NULL,
    "rows" BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    warnings BIGINT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (id)
);

-- Who may read. Of a token only its SHA-256 is kept; customers is a JSON list.
CREATE TABLE api_tokens (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    name TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    all_customers BOOLEAN NOT NULL,
    customers TEXT COLLATE "C",
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    PRIMARY KEY (id),
    UNIQUE (hash)
);

-- +goose Down
DROP TABLE api_tokens;
DROP TABLE imports;
DROP TABLE entitlement_balances;
DROP TABLE entitlements;
DROP TABLE balance_sums;
DROP TABLE ledger_entries;
DROP TABLE access_segments;
DROP TABLE balance_custom_fields;
DROP TABLE balances;
DROP TABLE contracts;
DROP TABLE invoices;
DROP TABLE credit_types;
DROP TABLE products;
DROP TABLE inclusive_usage_components;
DROP TABLE inclusive_usage_assignments;
DROP TABLE inclusive_usage_balances;
DROP TABLE inclusive_usage_plans;
DROP TABLE bill_runs;
DROP TABLE product_references;
DROP TABLE usage_product_inventories;
DROP TABLE usage_products;
DROP TABLE sites;
DROP TABLE external_ids;
DROP TABLE customers;
