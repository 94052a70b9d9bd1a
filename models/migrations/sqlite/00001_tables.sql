-- +goose Up

-- Companies and persons that are billed. Source: Elevate customers.
CREATE TABLE customers (
    id INTEGER NOT NULL,
    name TEXT,
    account_number TEXT,
    type TEXT,
    email TEXT,
    start_date TEXT,
    end_date TEXT,
    created_at TEXT,
    updated_at TEXT NOT NULL,
    digest BLOB,
    name_fold TEXT,
    account_number_fold TEXT,
    PRIMARY KEY (id)
) STRICT;

-- What other billing systems call a customer.
CREATE TABLE external_ids (
    system TEXT NOT NULL,
    value TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    PRIMARY KEY (system, value),
    FOREIGN KEY (customer_id) REFERENCES customers (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX external_ids_value ON external_ids (value);
CREATE INDEX external_ids_customer ON external_ids (customer_id, system, value);

-- Places at which customers take services. Source: Elevate sites.
CREATE TABLE sites (
    id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    name TEXT,
    reference TEXT,
    start_date TEXT,
    end_date TEXT,
    business_name TEXT,
    address1 TEXT,
    address2 TEXT,
    address3 TEXT,
    town TEXT,
    county TEXT,
    postcode TEXT,
    country TEXT,
    created_at TEXT,
    updated_at TEXT NOT NULL,
    digest BLOB,
    name_fold TEXT,
    reference_fold TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    UNIQUE (customer_id, id)
) STRICT;

-- What is sold and measured as it is used. Source: Elevate usage products.
CREATE TABLE usage_products (
    id INTEGER NOT NULL,
    name TEXT,
    nominal_code TEXT,
    usage_product_category_id INTEGER,
    direction TEXT,
    available_from TEXT,
    available_to TEXT,
    product_reference_can_be_range INTEGER CHECK (product_reference_can_be_range IN (0, 1)),
    service_id_required INTEGER CHECK (service_id_required IN (0, 1)),
    updated_at TEXT NOT NULL,
    digest BLOB,
    name_fold TEXT,
    PRIMARY KEY (id)
) STRICT;

-- Usage products in service at sites. customer_id is that of the site and follows it.
CREATE TABLE usage_product_inventories (
    id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    site_id INTEGER NOT NULL,
    usage_product_id INTEGER NOT NULL,
    start_date TEXT NOT NULL,
    end_date TEXT,
    supplier_account_id INTEGER,
    bill_by_service_id INTEGER NOT NULL CHECK (bill_by_service_id IN (0, 1)),
    service_id TEXT,
    billable INTEGER NOT NULL CHECK (billable IN (0, 1)),
    in_flight_order INTEGER NOT NULL CHECK (in_flight_order IN (0, 1)),
    external_order_reference TEXT,
    external_network_order_reference TEXT,
    pending_end_date TEXT,
    usage_cap_enabled INTEGER NOT NULL CHECK (usage_cap_enabled IN (0, 1)),
    default_usage_cap INTEGER,
    override_usage_cap INTEGER,
    apply_surcharges INTEGER NOT NULL CHECK (apply_surcharges IN (0, 1)),
    tripwire_plan_id INTEGER,
    updated_at TEXT NOT NULL,
    digest BLOB,
    service_id_fold TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id, site_id) REFERENCES sites (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE,
    FOREIGN KEY (usage_product_id) REFERENCES usage_products (id),
    UNIQUE (site_id, id, customer_id),
    UNIQUE (customer_id, id)
) STRICT;
CREATE INDEX usage_product_inventories_product ON usage_product_inventories (usage_product_id, id);

-- What identifies an inventory in call records.
CREATE TABLE product_references (
    id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    usage_product_inventory_id INTEGER NOT NULL,
    product_reference TEXT NOT NULL,
    "primary" INTEGER NOT NULL CHECK ("primary" IN (0, 1)),
    label TEXT,
    user_id TEXT,
    user_email TEXT,
    cost_centre_code TEXT,
    department_code TEXT,
    notes TEXT,
    start_date TEXT,
    end_date TEXT,
    product_reference_fold TEXT NOT NULL,
    label_fold TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id, usage_product_inventory_id) REFERENCES usage_product_inventories (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT;
CREATE INDEX product_references_inventory ON product_references (usage_product_inventory_id, id);

-- Productions of invoices. Source: Elevate bill runs.
CREATE TABLE bill_runs (
    id INTEGER NOT NULL,
    name TEXT,
    billing_cycle_id INTEGER,
    period_start_date TEXT,
    period_end_date TEXT,
    status TEXT,
    invoice_date TEXT,
    include_usage_until_date TEXT,
    summary_status TEXT,
    "parallel" INTEGER CHECK ("parallel" IN (0, 1)),
    paused INTEGER CHECK (paused IN (0, 1)),
    created_at TEXT,
    updated_at TEXT NOT NULL,
    digest BLOB,
    name_fold TEXT,
    PRIMARY KEY (id)
) STRICT;

-- Bundles sold with a product. Source: Elevate inclusive usage plans.
CREATE TABLE inclusive_usage_plans (
    id INTEGER NOT NULL,
    name TEXT,
    usage_product_id INTEGER,
    available_from TEXT,
    available_to TEXT,
    bolt_on INTEGER CHECK (bolt_on IN (0, 1)),
    tax_band_id INTEGER,
    nominal_code TEXT,
    rollover_periods INTEGER,
    frequency TEXT,
    trigger_charge_id INTEGER,
    min_qualifying_quantity INTEGER,
    max_per_event_quantity INTEGER,
    updated_at TEXT NOT NULL,
    digest BLOB,
    name_fold TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (usage_product_id) REFERENCES usage_products (id)
) STRICT;

-- Where the plans of an inventory stand in a bill run. customer_id and site_id are those of the inventory and follow it.
CREATE TABLE inclusive_usage_balances (
    bill_run_id INTEGER NOT NULL,
    usage_product_inventory_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    site_id INTEGER NOT NULL,
    period_start_date TEXT,
    period_end_date TEXT,
    updated_at TEXT NOT NULL,
    digest BLOB,
    PRIMARY KEY (bill_run_id, usage_product_inventory_id),
    FOREIGN KEY (bill_run_id) REFERENCES bill_runs (id),
    FOREIGN KEY (site_id, usage_product_inventory_id, customer_id) REFERENCES usage_product_inventories (site_id, id, customer_id) ON UPDATE CASCADE ON DELETE CASCADE,
    UNIQUE (customer_id, bill_run_id, usage_product_inventory_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inclusive_usage_balances_site ON inclusive_usage_balances (site_id, bill_run_id, usage_product_inventory_id);
CREATE INDEX inclusive_usage_balances_inventory ON inclusive_usage_balances (usage_product_inventory_id, bill_run_id);

-- The plans that reach an inventory in a bill run.
CREATE TABLE inclusive_usage_assignments (
    bill_run_id INTEGER NOT NULL,
    usage_product_inventory_id INTEGER NOT NULL,
    assignment_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    assignment_level TEXT NOT NULL,
    assignment_start_date TEXT,
    assignment_end_date TEXT,
    inclusive_usage_plan_id INTEGER,
    PRIMARY KEY (bill_run_id, usage_product_inventory_id, assignment_id),
    FOREIGN KEY (customer_id, bill_run_id, usage_product_inventory_id) REFERENCES inclusive_usage_balances (customer_id, bill_run_id, usage_product_inventory_id) ON UPDATE CASCADE ON DELETE CASCADE,
    FOREIGN KEY (inclusive_usage_plan_id) REFERENCES inclusive_usage_plans (id)
) STRICT, WITHOUT ROWID;

-- The allowances of an assignment. allowance and remaining are millionths.
CREATE TABLE inclusive_usage_components (
    bill_run_id INTEGER NOT NULL,
    usage_product_inventory_id INTEGER NOT NULL,
    assignment_id INTEGER NOT NULL,
    component_id INTEGER NOT NULL,
    start_date TEXT NOT NULL,
    end_date TEXT,
    customer_id INTEGER NOT NULL,
    by_value INTEGER NOT NULL CHECK (by_value IN (0, 1)),
    charging_type TEXT NOT NULL,
    allowance INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    PRIMARY KEY (bill_run_id, usage_product_inventory_id, assignment_id, component_id, start_date),
    FOREIGN KEY (customer_id, bill_run_id, usage_product_inventory_id) REFERENCES inclusive_usage_balances (customer_id, bill_run_id, usage_product_inventory_id) ON UPDATE CASCADE ON DELETE CASCADE,
    FOREIGN KEY (bill_run_id, usage_product_inventory_id, assignment_id) REFERENCES inclusive_usage_assignments (bill_run_id, usage_product_inventory_id, assignment_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Products of Metronome and Zenskar, as rows name them.
CREATE TABLE products (
    id TEXT NOT NULL,
    name TEXT,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- Currencies and custom units that balances are kept in.
CREATE TABLE credit_types (
    id TEXT NOT NULL,
    name TEXT,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- Invoices that ledger entries and entitlements name. They have no customer: each is read through a row that names it.
CREATE TABLE invoices (
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    name TEXT,
    number TEXT,
    digest BLOB,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- Contracts, as rows name them.
CREATE TABLE contracts (
    id TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    name TEXT,
    updated_at TEXT NOT NULL,
    name_fold TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id) REFERENCES customers (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contracts_customer ON contracts (customer_id, id);

-- Commits and credits. Source: Metronome list balances.
CREATE TABLE balances (
    id TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    contract_id TEXT,
    product_id TEXT,
    name TEXT,
    description TEXT,
    priority REAL,
    rate_type TEXT,
    credit_type_id TEXT,
    applicable_product_ids TEXT,
    applicable_product_tags TEXT,
    applicable_contract_ids TEXT,
    specifiers TEXT,
    rollover_fraction REAL,
    rolled_over_from_balance_id TEXT,
    rolled_over_from_contract_id TEXT,
    recurring_balance_id TEXT,
    invoice_schedule TEXT,
    invoice_contract_id TEXT,
    subscription_config TEXT,
    hierarchy_configuration TEXT,
    cost_basis REAL,
    uniqueness_key TEXT,
    netsuite_sales_order_id TEXT,
    salesforce_opportunity_id TEXT,
    created_by TEXT,
    created_at TEXT,
    archived_at TEXT,
    updated_at TEXT NOT NULL,
    digest BLOB,
    ledger_digest BLOB,
    name_fold TEXT,
    description_fold TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (contract_id) REFERENCES contracts (id),
    FOREIGN KEY (product_id) REFERENCES products (id),
    FOREIGN KEY (credit_type_id) REFERENCES credit_types (id),
    UNIQUE (customer_id, id)
) STRICT;
-- Not by customer first: before there are statistics, checks of foreign keys would take it.
CREATE INDEX balances_uniqueness ON balances (uniqueness_key, customer_id) WHERE uniqueness_key IS NOT NULL;

-- Custom fields of balances.
CREATE TABLE balance_custom_fields (
    balance_id TEXT NOT NULL,
    "key" TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (balance_id, "key"),
    FOREIGN KEY (customer_id, balance_id) REFERENCES balances (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX balance_custom_fields_value ON balance_custom_fields ("key", value, balance_id);

-- When how much of a balance may be used. amount is millionths.
CREATE TABLE access_segments (
    balance_id TEXT NOT NULL,
    id TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    starting_at TEXT NOT NULL,
    ending_before TEXT NOT NULL,
    PRIMARY KEY (balance_id, id),
    FOREIGN KEY (customer_id, balance_id) REFERENCES balances (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What moved balances. amount is millionths; number is the place in the source's list.
CREATE TABLE ledger_entries (
    balance_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    type_rank INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    "timestamp" TEXT NOT NULL,
    segment_id TEXT,
    invoice_id TEXT,
    contract_id TEXT,
    new_contract_id TEXT,
    reason TEXT,
    running_balance INTEGER NOT NULL,
    PRIMARY KEY (balance_id, number),
    FOREIGN KEY (customer_id, balance_id) REFERENCES balances (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE,
    FOREIGN KEY (invoice_id) REFERENCES invoices (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_entries_invoice ON ledger_entries (invoice_id);
CREATE INDEX ledger_entries_order ON ledger_entries (balance_id, "timestamp", type_rank, number);

-- Exact sums of ledger entries that count alike, kept by imports. Entries that end a segment are summed by their
-- timestamp, the others at the epoch.
CREATE TABLE balance_sums (
    balance_id TEXT NOT NULL,
    segment_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    starting_at TEXT NOT NULL,
    ending_before TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (balance_id, segment_id, kind, at),
    FOREIGN KEY (customer_id, balance_id) REFERENCES balances (customer_id, id) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Definitions of what customers may be granted. Source: Zenskar entitlements.
CREATE TABLE entitlements (
    id TEXT NOT NULL,
    name TEXT,
    description TEXT,
    type TEXT,
    units TEXT,
    is_active INTEGER CHECK (is_active IN (0, 1)),
    updated_at TEXT NOT NULL,
    name_fold TEXT,
    description_fold TEXT,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- Grants of entitlements. quantity and quantity_used are millionths. Source: Zenskar customer entitlement balances.
CREATE TABLE entitlement_balances (
    id TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    entitlement_id TEXT,
    contract_id TEXT,
    product_id TEXT,
    invoice_id TEXT,
    name TEXT,
    units TEXT,
    type TEXT,
    quantity INTEGER,
    quantity_used INTEGER,
    active_from TEXT,
    expiry_at TEXT,
    event TEXT,
    source_type TEXT,
    source_id TEXT,
    status TEXT,
    created_at TEXT,
    updated_at TEXT NOT NULL,
    digest BLOB,
    name_fold TEXT,
    status_fold TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id) REFERENCES customers (id),
    FOREIGN KEY (entitlement_id) REFERENCES entitlements (id),
    FOREIGN KEY (contract_id) REFERENCES contracts (id),
    FOREIGN KEY (product_id) REFERENCES products (id),
    FOREIGN KEY (invoice_id) REFERENCES invoices (id)
) STRICT;
CREATE INDEX entitlement_balances_customer ON entitlement_balances (customer_id, id);

-- Readings of the sources.
CREATE TABLE imports (
    id INTEGER,
    kind TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT;

-- Who may read. Of a token only its SHA-256 is kept; customers is a JSON list.
CREATE TABLE api_tokens (
    id INTEGER,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    all_customers INTEGER NOT NULL CHECK (all_customers IN (0, 1)),
    customers TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    PRIMARY KEY (id),
    UNIQUE (hash)
) STRICT;

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
