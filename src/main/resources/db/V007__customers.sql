-- Customers change, and are listed by the million.
ALTER TABLE customers ADD COLUMN version bigint NOT NULL DEFAULT 1; -- counts changes; If-Match names one

-- CustomerStore.list: the preset order, and the other two. The first also counts the living, and finds a name.
CREATE INDEX customers_by_name ON customers (namespace, name, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_creation ON customers (namespace, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_id ON customers (namespace, id) WHERE deleted_at IS NULL;
-- CustomerStore.list: by e-mail address; by key there is customers_key, by subject the key of customer_subjects.
CREATE INDEX customers_by_email ON customers (namespace, primary_email) WHERE deleted_at IS NULL;

-- CustomerStore.replace and remove: the subjects of one customer.
CREATE INDEX customer_subjects_by_customer ON customer_subjects (customer_id);
