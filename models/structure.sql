-- Leads as far as migration 0063_price_explanations
CREATE TYPE public.text_range AS RANGE (
    subtype = text,
    multirange_type_name = public.text_multirange,
    collation = pg_catalog."C"
);
CREATE FUNCTION public.book_credit() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    line record;
    most numeric;
    used numeric;
BEGIN
    UPDATE credit_line SET reserved = reserved + NEW.amount WHERE id = NEW.line_id RETURNING * INTO line;
    IF NOT EXISTS (
        SELECT 1 FROM purchase_order o WHERE o.id = NEW.order_id AND o.supplier_id = line.supplier_id
            AND o.buyer_id = line.buyer_id AND o.currency = line.currency AND NEW.currency = line.currency
    ) THEN
        RAISE EXCEPTION 'order % is none of the line %', NEW.order_id, NEW.line_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_entry_order';
    END IF;
    IF (SELECT sum(amount) FROM credit_entry WHERE order_id = NEW.order_id) < 0 THEN
        RAISE EXCEPTION 'order % cannot keep less than nothing', NEW.order_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_entry_kept';
    END IF;
    IF NEW.move = 'RESERVED' THEN
        SELECT coalesce(line.credit_limit, (
            SELECT credit_limit FROM credit_line other
            WHERE other.supplier_id = line.supplier_id AND other.buyer_id IS NULL AND other.currency = line.currency
        )) INTO most;
        SELECT coalesce(sum(amount), 0) INTO used FROM ledger_entry
        WHERE company_id = line.supplier_id AND counterparty_id = line.buyer_id AND account = 'RECEIVABLE'
            AND currency = line.currency AND most IS NOT NULL;
        IF line.reserved + used > most THEN
            RAISE EXCEPTION 'line % has % and cannot hold %', line.id, most, line.reserved + used
                USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_line_limit';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.book_stock() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM 1 FROM product WHERE id IN (SELECT product_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM added a JOIN product p ON p.id = a.product_id JOIN warehouse w ON w.id = a.warehouse_id
        WHERE p.stock_on_hand IS NULL OR p.supplier_id <> a.supplier_id OR w.company_id <> a.supplier_id
    ) THEN
        RAISE EXCEPTION 'no stock of the product is kept there by its supplier'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_entry_place';
    END IF;
    INSERT INTO stock_level (id, created_at, product_id, warehouse_id, on_hand, reserved)
    SELECT gen_random_uuid(), min(created_at), product_id, warehouse_id, 0, 0 FROM added
    GROUP BY product_id, warehouse_id ORDER BY product_id, warehouse_id
    ON CONFLICT (product_id, warehouse_id) DO NOTHING;
    UPDATE stock_level l SET on_hand = l.on_hand + s.on_hand, reserved = l.reserved + s.reserved
    FROM (
        SELECT product_id, warehouse_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved
        FROM added GROUP BY product_id, warehouse_id
    ) s WHERE l.product_id = s.product_id AND l.warehouse_id = s.warehouse_id;
    UPDATE product p SET stock_on_hand = p.stock_on_hand + s.on_hand, stock_reserved = p.stock_reserved + s.reserved
    FROM (SELECT product_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM added GROUP BY product_id) s
    WHERE p.id = s.product_id;
    RETURN NULL;
END $$;
CREATE FUNCTION public.check_credited() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    broken uuid;
BEGIN
    PERFORM 1 FROM invoice_line WHERE id IN (SELECT invoice_line_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    SELECT l.id INTO broken FROM invoice_line l JOIN (
        SELECT invoice_line_id, sum(quantity) AS quantity, sum(net) AS net, sum(tax) AS tax FROM credit_note_line
        WHERE invoice_line_id IN (SELECT invoice_line_id FROM added) GROUP BY invoice_line_id
    ) c ON c.invoice_line_id = l.id
    WHERE c.quantity NOT BETWEEN 0 AND l.quantity
        OR c.net NOT BETWEEN least(l.net, 0) AND greatest(l.net, 0)
        OR c.tax NOT BETWEEN least(l.tax, 0) AND greatest(l.tax, 0) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'more of invoice line % would be credited than was invoiced', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_note_line_credited';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.check_credited_total() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    claimed record;
    credited numeric;
BEGIN
    SELECT i.id, i.net INTO claimed FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
    WHERE l.id = NEW.invoice_line_id FOR NO KEY UPDATE OF i;
    SELECT sum(c.net) INTO credited FROM credit_note_line c JOIN invoice_line l ON l.id = c.invoice_line_id
    WHERE l.invoice_id = claimed.id;
    IF credited NOT BETWEEN 0 AND claimed.net THEN
        RAISE EXCEPTION 'more of invoice % would be credited than was invoiced', claimed.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_note_invoice_credited';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.check_packages() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    broken uuid;
BEGIN
    PERFORM 1 FROM shipment_line WHERE id IN (SELECT shipment_line_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    SELECT l.id INTO broken FROM shipment_line l JOIN package_line p ON p.shipment_line_id = l.id
    WHERE l.id IN (SELECT shipment_line_id FROM added) GROUP BY l.id HAVING sum(p.quantity) > l.despatched LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'more of shipment line % is packed than was despatched', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'package_line_despatched';
    END IF;
    SELECT a.id INTO broken FROM added a JOIN package p ON p.id = a.package_id JOIN shipment_line l ON l.id = a.shipment_line_id
    WHERE p.shipment_id <> l.shipment_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'package line % is of two shipments', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'package_line_shipment';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.check_quantity_ledger() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    broken record;
BEGIN
    PERFORM 1 FROM order_line WHERE id IN (SELECT order_line_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    SELECT l.order_line_id, b.name INTO broken
    FROM (
        SELECT order_line_id,
            coalesce(sum(quantity) FILTER (WHERE movement = 'ORDERED'), 0) AS ordered,
            coalesce(sum(quantity) FILTER (WHERE movement = 'CANCELLED'), 0) AS cancelled,
            coalesce(sum(quantity) FILTER (WHERE movement = 'DESPATCHED'), 0) AS despatched,
            coalesce(sum(quantity) FILTER (WHERE movement = 'ACCEPTED'), 0) AS accepted,
            coalesce(sum(quantity) FILTER (WHERE movement = 'REJECTED'), 0) AS rejected,
            coalesce(sum(quantity) FILTER (WHERE movement = 'SHORT'), 0) AS short,
            coalesce(sum(quantity) FILTER (WHERE movement = 'INVOICED'), 0) AS invoiced,
            coalesce(sum(quantity) FILTER (WHERE movement = 'CREDITED'), 0) AS credited,
            coalesce(sum(quantity) FILTER (WHERE movement = 'RETURNED'), 0) AS returned,
            coalesce(sum(quantity) FILTER (WHERE movement = 'RETURNED_REJECTED'), 0) AS returned_rejected,
            coalesce(sum(quantity) FILTER (WHERE movement = 'REPLACED'), 0) AS replaced
        FROM quantity_entry WHERE order_line_id IN (SELECT order_line_id FROM added) GROUP BY order_line_id
    ) l
    CROSS JOIN LATERAL (
        SELECT coalesce(max(c.over_delivery_tolerance), 0) AS tolerance
        FROM contract_line c JOIN contract k ON k.id = c.contract_id
        WHERE c.order_line_id = l.order_line_id AND k.status IN ('EFFECTIVE', 'FULFILLED')
    ) t
    CROSS JOIN LATERAL (VALUES
        ('quantity_never_negative', least(ordered, cancelled, despatched, accepted, rejected, short, invoiced, credited,
            returned, returned_rejected, replaced) >= 0),
        ('quantity_cancelled', cancelled <= ordered),
        ('quantity_despatched', despatched - short <= (ordered - cancelled + replaced) * (1 + tolerance)),
        ('quantity_received', accepted + rejected + short <= despatched),
        ('quantity_returned', returned <= accepted AND returned_rejected <= rejected),
        ('quantity_replaced', replaced <= returned + returned_rejected),
        ('quantity_invoiced', invoiced - credited <= accepted),
        ('quantity_credited', credited <= invoiced)
    ) AS b (name, holds)
    WHERE NOT b.holds LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the quantities of order line % do not add up: %', broken.order_line_id, broken.name
            USING ERRCODE = 'check_violation', CONSTRAINT = broken.name;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.keep_as_written() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % refused: it stays as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Correct it by a new document or entry.';
END $$;
CREATE FUNCTION public.refuse_overdrawn_budget() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.policy = 'BLOCK' AND NEW.reserved + NEW.consumed > GREATEST(NEW.amount, OLD.reserved + OLD.consumed) THEN
        RAISE EXCEPTION 'budget % has % and cannot hold %', NEW.id, NEW.amount, NEW.reserved + NEW.consumed
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION public.refuse_unbalanced_posting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    total numeric;
    books bigint;
BEGIN
    SELECT sum(amount), count(DISTINCT (order_id, currency)) INTO total, books FROM ledger_entry
    WHERE posting = NEW.posting AND company_id = NEW.company_id;
    IF total <> 0 OR books <> 1 THEN
        RAISE EXCEPTION 'posting % adds up to % over % orders or currencies', NEW.posting, total, books
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.refuse_unbooked_credit() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% of credit on % refused: it follows from the entries', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Write an entry.';
END $$;
CREATE FUNCTION public.refuse_unbooked_stock() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% of stock on % refused: it follows from the entries of the stock ledger', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Write an entry.';
END $$;
CREATE TABLE public.address (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    label character varying(60) NOT NULL,
    recipient character varying(80) NOT NULL,
    phone character varying(32) NOT NULL,
    street character varying(200) NOT NULL,
    country character varying(2) NOT NULL,
    region_code character varying(6),
    province character varying(40),
    city character varying(40),
    district character varying(40),
    locality character varying(80),
    postal_code character varying(12),
    zone character varying(64) NOT NULL,
    is_default boolean NOT NULL,
    version integer NOT NULL,
    removed_at timestamp with time zone,
    company_id uuid NOT NULL
);
COMMENT ON TABLE public.address IS 'An entry of a company''s address book, which no other company reads; orders keep copies of their own.';
CREATE TABLE public.agreement_call_off (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    amount numeric(20,2) NOT NULL,
    currency character varying(3) NOT NULL,
    agreement_id uuid NOT NULL,
    order_id uuid NOT NULL,
    CONSTRAINT agreement_call_off_amount CHECK ((amount <> (0)::numeric))
);
COMMENT ON TABLE public.agreement_call_off IS 'What an order took of an agreement''s total, or gave back (less than zero); rows are added, never changed.';
COMMENT ON COLUMN public.agreement_call_off.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.agreement_file (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revision integer NOT NULL,
    content bytea NOT NULL,
    sha256 character varying(64) NOT NULL,
    size integer NOT NULL,
    agreement_id uuid NOT NULL
);
COMMENT ON TABLE public.agreement_file IS 'A framework agreement on paper.';
CREATE TABLE public.agreement_price (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    sku character varying(64) NOT NULL,
    name_zh character varying(200) NOT NULL,
    name_en character varying(200) NOT NULL,
    unit character varying(3) NOT NULL,
    unit_price numeric(20,6) NOT NULL,
    minimum_quantity numeric(20,6) NOT NULL,
    agreement_id uuid NOT NULL,
    product_id uuid NOT NULL,
    CONSTRAINT agreement_price_amounts CHECK (((unit_price >= (0)::numeric) AND (minimum_quantity >= (0)::numeric)))
);
COMMENT ON TABLE public.agreement_price IS 'What one unit of a product costs at most under the agreement, from a quantity on.';
COMMENT ON COLUMN public.agreement_price.unit IS 'H87: H87\nSET: SET\nPR: PR\nDZN: DZN\nCEN: CEN\nMIL: MIL\nKGM: KGM\nGRM: GRM\nTNE: TNE\nMTR: MTR\nCMT: CMT\nMMT: MMT\nKMT: KMT\nMTK: MTK\nMTQ: MTQ\nLTR: LTR\nMLT: MLT\nKWH: KWH\nHUR: HUR\nDAY: DAY\nXBX: XBX\nXCT: XCT\nXPX: XPX\nXRO: XRO\nXBG: XBG\nXBO: XBO\nXDR: XDR';
CREATE TABLE public.agreement_signature (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    side character varying(8) NOT NULL,
    signatory_name character varying(120) NOT NULL,
    trust_level character varying(24) NOT NULL,
    agreement_id uuid NOT NULL,
    company_id uuid NOT NULL,
    member_id uuid NOT NULL,
    certificate bytea NOT NULL,
    certificate_subject character varying(1000) NOT NULL,
    revision integer NOT NULL,
    time_stamp_authority character varying(200) NOT NULL,
    time_stamped_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.agreement_signature IS 'One side''s signature over an agreement.';
COMMENT ON COLUMN public.agreement_signature.side IS 'BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK';
COMMENT ON COLUMN public.agreement_signature.trust_level IS 'PLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA';
CREATE TABLE public.alternative (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    sku character varying(64) NOT NULL,
    name_zh character varying(200) NOT NULL,
    name_en character varying(200) NOT NULL,
    specification jsonb NOT NULL,
    quantity numeric(20,6) NOT NULL,
    unit_price numeric(20,6) NOT NULL,
    tax_rate numeric(7,6) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    promised_on date NOT NULL,
    quality_remark character varying(2000),
    product_id uuid NOT NULL,
    quotation_line_id uuid NOT NULL,
    price_explanation jsonb,
    CONSTRAINT alternative_amounts CHECK (((quantity > (0)::numeric) AND (unit_price >= (0)::numeric)))
);
COMMENT ON TABLE public.alternative IS 'Something else the supplier offers for one line of a quotation: the buyer may take it instead; no total counts it.';
CREATE TABLE public.api_key (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(120) NOT NULL,
    sha256 character varying(64) NOT NULL,
    scopes text[] NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    company_id uuid NOT NULL,
    created_by_id uuid NOT NULL
);
COMMENT ON TABLE public.api_key IS 'What a machine acts with for its company: only the secret''s SHA-256 is kept.';
CREATE TABLE public.approval (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    stage character varying(16) NOT NULL,
    status character varying(16) NOT NULL,
    version integer NOT NULL,
    amount numeric(20,2) NOT NULL,
    currency character varying(3) NOT NULL,
    reason character varying(1000),
    decided_at timestamp with time zone,
    company_id uuid NOT NULL,
    decided_by_id uuid,
    order_id uuid NOT NULL,
    quotation_id uuid,
    requested_by_id uuid NOT NULL,
    chosen jsonb,
    review_at timestamp with time zone,
    escalated integer[] NOT NULL,
    snapshot jsonb NOT NULL,
    tier integer NOT NULL,
    tier_since timestamp with time zone NOT NULL,
    under_agreement boolean NOT NULL,
    instead jsonb
);
COMMENT ON TABLE public.approval IS 'A decision the buyer''s approvers owe: a stream of its own, which no supplier ever meets. Holds a snapshot of the rule.';
COMMENT ON COLUMN public.approval.stage IS 'SUBMISSION: SUBMISSION\nAWARD: AWARD';
COMMENT ON COLUMN public.approval.status IS 'PENDING: PENDING\nAPPROVED: APPROVED\nRETURNED: RETURNED\nWITHDRAWN: WITHDRAWN\nVOIDED: VOIDED';
COMMENT ON COLUMN public.approval.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.approval_rule (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(120) NOT NULL,
    "position" integer NOT NULL,
    stages text[] NOT NULL,
    conditions jsonb NOT NULL,
    tiers jsonb NOT NULL,
    is_threshold boolean NOT NULL,
    is_active boolean NOT NULL,
    version integer NOT NULL,
    company_id uuid NOT NULL,
    CONSTRAINT approval_rule_position CHECK (("position" > 0))
);
COMMENT ON TABLE public.approval_rule IS 'When a company''s orders need an approval, and whose; the first in the company''s order that matches is the one that asks.';
CREATE TABLE public.approval_vote (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    tier integer NOT NULL,
    decision character varying(16) NOT NULL,
    note character varying(1000),
    approval_id uuid NOT NULL,
    seat_id uuid NOT NULL,
    voter_id uuid NOT NULL
);
COMMENT ON TABLE public.approval_vote IS 'What somebody who was asked said, or said for another; votes are added, never changed.';
COMMENT ON COLUMN public.approval_vote.decision IS 'APPROVED: APPROVED\nRETURNED: RETURNED';
CREATE TABLE public.attachment (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(150) NOT NULL,
    media_type character varying(100) NOT NULL,
    size bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    stored_key character varying(100) NOT NULL,
    status character varying(8) NOT NULL,
    loose_since timestamp with time zone,
    company_id uuid NOT NULL,
    message_id uuid,
    order_id uuid,
    order_line_id uuid,
    uploader_id uuid NOT NULL,
    shipment_id uuid,
    CONSTRAINT attachment_evidence CHECK (((order_id IS NOT NULL) OR (shipment_id IS NULL))),
    CONSTRAINT attachment_loose_or_not CHECK (((order_id IS NULL) = (loose_since IS NOT NULL))),
    CONSTRAINT attachment_place CHECK (((order_id IS NOT NULL) OR ((order_line_id IS NULL) AND (message_id IS NULL)))),
    CONSTRAINT attachment_size CHECK ((size > 0)),
    CONSTRAINT attachment_stored CHECK (((order_id IS NULL) OR ((status)::text = 'STORED'::text)))
);
COMMENT ON TABLE public.attachment IS 'A file somebody uploaded; it hangs on one order, one line or one message, or on nothing yet.';
COMMENT ON COLUMN public.attachment.status IS 'RECEIVED: RECEIVED\nSTORED: STORED\nREMOVED: REMOVED';
CREATE TABLE public.authenticator (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    secret bytea,
    pending bytea,
    last_step bigint,
    confirmed_at timestamp with time zone,
    member_id uuid NOT NULL
);
COMMENT ON TABLE public.authenticator IS 'A member''s authenticator app (RFC 6238). Secrets are encrypted; `pending` waits for its first code.';
CREATE TABLE public.billing_paper (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    text text NOT NULL,
    sha256 character varying(64) NOT NULL,
    invoice_id uuid,
    credit_note_id uuid,
    CONSTRAINT billing_paper_document CHECK (((invoice_id IS NULL) <> (credit_note_id IS NULL)))
);
COMMENT ON TABLE public.billing_paper IS 'The canonical text of an invoice or a credit note, from which alone it is printed; a trigger refuses any change of it.';
CREATE TABLE public.billing_profile (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    address character varying(300),
    phone character varying(32),
    bank_name character varying(120),
    bank_account character varying(34),
    company_id uuid NOT NULL,
    accepts_matched boolean NOT NULL,
    tolerance_amount numeric(20,2) NOT NULL,
    tolerance_share numeric(7,6) NOT NULL,
    CONSTRAINT billing_tolerance CHECK (((tolerance_share >= (0)::numeric) AND (tolerance_share <= (1)::numeric) AND (tolerance_amount >= (0)::numeric)))
);
COMMENT ON TABLE public.billing_profile IS 'Address and bank as a company''s invoices print them; one without says nothing.';
CREATE TABLE public.budget (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    currency character varying(3) NOT NULL,
    amount numeric(20,2) NOT NULL,
    policy character varying(8) NOT NULL,
    reserved numeric(20,2) NOT NULL,
    consumed numeric(20,2) NOT NULL,
    entry_count integer NOT NULL,
    company_id uuid NOT NULL,
    cost_centre_id uuid NOT NULL,
    CONSTRAINT budget_amounts CHECK (((amount >= (0)::numeric) AND (reserved >= (0)::numeric) AND (consumed >= (0)::numeric))),
    CONSTRAINT budget_period CHECK ((period_start <= period_end))
);
COMMENT ON TABLE public.budget IS 'What a cost centre may spend from one day to another in one currency; the periods of one currency are apart, the database sees to it.';
COMMENT ON COLUMN public.budget.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
COMMENT ON COLUMN public.budget.policy IS 'BLOCK: BLOCK\nWARN: WARN';
CREATE TABLE public.budget_entry (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seq integer NOT NULL,
    reserved numeric(20,2) NOT NULL,
    consumed numeric(20,2) NOT NULL,
    currency character varying(3) NOT NULL,
    budget_id uuid NOT NULL,
    order_id uuid NOT NULL,
    CONSTRAINT budget_entry_amount CHECK (((reserved <> (0)::numeric) OR (consumed <> (0)::numeric)))
);
COMMENT ON TABLE public.budget_entry IS 'What an order took of a budget, or gave back (less than zero); rows are added, never changed.';
COMMENT ON COLUMN public.budget_entry.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.carrier_account (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    provider character varying(20) NOT NULL,
    endpoint character varying(43) NOT NULL,
    secret bytea NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    company_id uuid NOT NULL
);
COMMENT ON TABLE public.carrier_account IS 'A supplier''s account with a sender of pushes; the secret is sealed and opens for this row alone.';
COMMENT ON COLUMN public.carrier_account.provider IS 'KUAIDI100: KUAIDI100\nSEVENTEEN_TRACK: SEVENTEEN_TRACK\nAFTERSHIP: AFTERSHIP\nEASYPOST: EASYPOST\nOWN_FLEET: OWN_FLEET';
CREATE TABLE public.carrier_push (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    provider character varying(20) NOT NULL,
    event_id character varying(64) NOT NULL,
    sha256 character varying(64) NOT NULL,
    body bytea,
    status character varying(8) NOT NULL,
    reason character varying(20),
    detail character varying(200),
    tries integer NOT NULL,
    tried_at timestamp with time zone,
    account_id uuid NOT NULL,
    company_id uuid NOT NULL
);
COMMENT ON TABLE public.carrier_push IS 'A push that was verified, once; its body is kept until all of it is on record.';
COMMENT ON COLUMN public.carrier_push.provider IS 'KUAIDI100: KUAIDI100\nSEVENTEEN_TRACK: SEVENTEEN_TRACK\nAFTERSHIP: AFTERSHIP\nEASYPOST: EASYPOST\nOWN_FLEET: OWN_FLEET';
COMMENT ON COLUMN public.carrier_push.status IS 'PENDING: PENDING\nAPPLIED: APPLIED\nPARKED: PARKED';
COMMENT ON COLUMN public.carrier_push.reason IS 'UNREADABLE: UNREADABLE\nUNKNOWN_WAYBILL: UNKNOWN_WAYBILL\nUNKNOWN_STATUS: UNKNOWN_STATUS\nIN_THE_FUTURE: IN_THE_FUTURE\nTOO_LATE: TOO_LATE\nGIVEN_UP: GIVEN_UP\nFAILED: FAILED';
CREATE TABLE public.category (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code character varying(40) NOT NULL,
    name_zh character varying(120) NOT NULL,
    name_en character varying(120) NOT NULL,
    parent_id uuid
);
COMMENT ON TABLE public.category IS 'A group of goods, kept by the operator and the same for everybody.';
CREATE TABLE public.commission_receiver (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    method character varying(16) NOT NULL,
    payee character varying(32) NOT NULL,
    name character varying(200) NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.commission_receiver IS 'The platform''s own account with a provider, to which its share goes.';
COMMENT ON COLUMN public.commission_receiver.method IS 'BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY';
CREATE TABLE public.commission_rule (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    rate numeric(7,6) NOT NULL,
    hold_days integer NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    ended_at timestamp with time zone,
    version integer NOT NULL,
    category_id uuid,
    supplier_id uuid,
    CONSTRAINT commission_rule_figures CHECK (((rate >= (0)::numeric) AND (rate <= 0.3) AND (hold_days >= 0))),
    CONSTRAINT commission_rule_period CHECK (((valid_to IS NULL) OR (valid_from <= valid_to)))
);
COMMENT ON TABLE public.commission_rule IS 'What the platform keeps of payments; made once and ended, never changed.';
CREATE TABLE public.company (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    legal_name character varying(200) NOT NULL,
    english_name character varying(200),
    credit_code character varying(18) NOT NULL,
    kind character varying(16) NOT NULL,
    status character varying(16) NOT NULL,
    version integer NOT NULL,
    currency character varying(3) NOT NULL,
    delivery_place character varying(300),
    delivery_zone character varying(64) NOT NULL,
    review_note character varying(1000),
    reviewed_at timestamp with time zone,
    brand_colour character varying(7),
    brand_line character varying(60),
    gs1_company_prefix character varying(12),
    stock_policy character varying(40) NOT NULL,
    confirm_funds_after_days integer,
    despatch_after_prepayment boolean NOT NULL,
    prepayment_days integer NOT NULL,
    CONSTRAINT company_collecting CHECK (((prepayment_days >= 0) AND (confirm_funds_after_days > 0)))
);
COMMENT ON TABLE public.company IS 'A legal person that buys, supplies, or runs the platform.';
COMMENT ON COLUMN public.company.kind IS 'BUYER: BUYER\nSUPPLIER: SUPPLIER\nTRADER: TRADER\nPLATFORM: PLATFORM';
COMMENT ON COLUMN public.company.status IS 'APPLIED: APPLIED\nAPPROVED: APPROVED\nREJECTED: REJECTED\nSUSPENDED: SUSPENDED';
COMMENT ON COLUMN public.company.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.contract (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    version integer NOT NULL,
    status character varying(20) NOT NULL,
    text text NOT NULL,
    sha256 character varying(64) NOT NULL,
    sign_by timestamp with time zone NOT NULL,
    effective_at timestamp with time zone,
    order_id uuid NOT NULL,
    quotation_id uuid NOT NULL,
    currency character varying(3) NOT NULL,
    freight_tax_rate numeric(7,6) NOT NULL,
    freight numeric(20,2) NOT NULL,
    freight_tax numeric(20,2) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    total numeric(20,2) NOT NULL,
    agreement_id uuid,
    agreement_gap character varying(24),
    change_reason character varying(1000),
    proposed_by character varying(8),
    supersedes_id uuid,
    tax_inclusion character varying(16) NOT NULL,
    CONSTRAINT contract_total CHECK ((total = (net + tax)))
);
COMMENT ON TABLE public.contract IS 'The text both sides sign; a database trigger refuses any change of it.';
COMMENT ON COLUMN public.contract.status IS 'DRAFT: DRAFT\nPARTIALLY_SIGNED: PARTIALLY_SIGNED\nEFFECTIVE: EFFECTIVE\nFULFILLED: FULFILLED\nSUPERSEDED: SUPERSEDED\nTERMINATED: TERMINATED\nVOID: VOID';
CREATE TABLE public.contract_allowance (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    kind character varying(16) NOT NULL,
    reason_code character varying(3),
    reason character varying(200) NOT NULL,
    tax_rate numeric(7,6) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    contract_id uuid NOT NULL
);
COMMENT ON TABLE public.contract_allowance IS 'An agreed allowance or charge; `net` and `tax` are below zero where it is an allowance.';
COMMENT ON COLUMN public.contract_allowance.kind IS 'ALLOWANCE: ALLOWANCE\nCHARGE: CHARGE';
CREATE TABLE public.contract_file (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revision integer NOT NULL,
    content bytea NOT NULL,
    sha256 character varying(64) NOT NULL,
    size integer NOT NULL,
    contract_id uuid NOT NULL
);
COMMENT ON TABLE public.contract_file IS 'The contract on paper: revision 0 waits for signatures, and every signature adds a revision; a trigger refuses any change of it.';
CREATE TABLE public.contract_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    quantity numeric(20,6) NOT NULL,
    unit_price numeric(20,6) NOT NULL,
    tax_rate numeric(7,6) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    promised_on date NOT NULL,
    quality_remark character varying(2000),
    contract_id uuid NOT NULL,
    order_line_id uuid NOT NULL,
    product_id uuid NOT NULL,
    sku character varying(64) NOT NULL,
    name_zh character varying(200) NOT NULL,
    name_en character varying(200) NOT NULL,
    specification jsonb NOT NULL,
    over_delivery_tolerance numeric(7,6) NOT NULL,
    price_explanation jsonb,
    CONSTRAINT contract_line_amounts CHECK (((quantity > (0)::numeric) AND (unit_price >= (0)::numeric))),
    CONSTRAINT contract_line_tolerance CHECK (((over_delivery_tolerance >= (0)::numeric) AND (over_delivery_tolerance <= (1)::numeric)))
);
COMMENT ON TABLE public.contract_line IS 'What is agreed on one order line; a line of the order that is not in the contract is not ordered.';
CREATE TABLE public.cost_centre (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code character varying(40) NOT NULL,
    name character varying(120) NOT NULL,
    is_active boolean NOT NULL,
    version integer NOT NULL,
    company_id uuid NOT NULL
);
COMMENT ON TABLE public.cost_centre IS 'Who bears the cost of an order inside a company. Its row is the lock under which all its budgets are checked and booked.';
CREATE TABLE public.counter_offer (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    remark character varying(2000),
    made_by character varying(120) NOT NULL,
    order_id uuid NOT NULL,
    quotation_id uuid NOT NULL,
    freight numeric(20,2),
    payment_moment character varying(16),
    payment_net_days integer,
    prepaid_share numeric(7,6),
    valid_until timestamp with time zone,
    inspection_days integer,
    warranty_days integer
);
COMMENT ON TABLE public.counter_offer IS 'What the buyer would rather have; answers one quotation.';
CREATE TABLE public.counter_offer_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    quantity numeric(20,6),
    unit_price numeric(20,6),
    promised_on date,
    quality_requirement character varying(2000),
    counter_offer_id uuid NOT NULL,
    order_line_id uuid NOT NULL
);
COMMENT ON TABLE public.counter_offer_line IS 'The wishes on one line; what is None stays as quoted.';
CREATE TABLE public.credit_entry (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    move character varying(12) NOT NULL,
    currency character varying(3) NOT NULL,
    amount numeric(20,2) NOT NULL,
    line_id uuid NOT NULL,
    order_id uuid NOT NULL,
    CONSTRAINT credit_entry_amount CHECK ((amount <> (0)::numeric))
);
COMMENT ON TABLE public.credit_entry IS 'How much more of its buyer''s credit an order keeps, or less; entries are added, never changed.';
COMMENT ON COLUMN public.credit_entry.move IS 'RESERVED: RESERVED\nCONSUMED: CONSUMED\nRELEASED: RELEASED\nRESTORED: RESTORED';
COMMENT ON COLUMN public.credit_entry.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.credit_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    currency character varying(3) NOT NULL,
    credit_limit numeric(20,2),
    blocks_overdue boolean NOT NULL,
    blocked_at timestamp with time zone,
    block_reason character varying(1000),
    remark character varying(1000),
    reserved numeric(20,2) NOT NULL,
    version integer NOT NULL,
    buyer_id uuid,
    supplier_id uuid NOT NULL,
    CONSTRAINT credit_line_amounts CHECK (((credit_limit >= (0)::numeric) AND (reserved >= (0)::numeric))),
    CONSTRAINT credit_line_default_open CHECK (((buyer_id IS NOT NULL) OR (blocked_at IS NULL))),
    CONSTRAINT credit_line_two_parties CHECK ((buyer_id <> supplier_id))
);
COMMENT ON TABLE public.credit_line IS 'What a supplier lends a buyer in one currency, or, without a buyer, all those that it set no limit of their own for.';
COMMENT ON COLUMN public.credit_line.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.credit_note (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    currency character varying(3) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    total numeric(20,2) NOT NULL,
    issued_on date NOT NULL,
    reason character varying(1000) NOT NULL,
    excess character varying(16) NOT NULL,
    invoice_id uuid NOT NULL,
    order_id uuid NOT NULL,
    return_request_id uuid,
    supplier_id uuid NOT NULL,
    CONSTRAINT credit_note_total CHECK (((total = (net + tax)) AND (total >= (0)::numeric)))
);
COMMENT ON TABLE public.credit_note IS 'What a supplier takes back of one of its invoices (UBL CreditNote, UNTDID 1001: 381); never edited, never deleted.';
COMMENT ON COLUMN public.credit_note.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
COMMENT ON COLUMN public.credit_note.excess IS 'REFUND: REFUND\nCREDIT_BALANCE: CREDIT_BALANCE';
CREATE TABLE public.credit_note_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    quantity numeric(20,6) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    credit_note_id uuid NOT NULL,
    invoice_line_id uuid NOT NULL
);
COMMENT ON TABLE public.credit_note_line IS 'How much of an invoice line; no quantity where only its amount becomes less.';
CREATE TABLE public.customer_grade (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(120) NOT NULL,
    version integer NOT NULL,
    supplier_id uuid NOT NULL
);
COMMENT ON TABLE public.customer_grade IS 'A level at which a supplier keeps some of its customers, such as dealers of the first rank; only the supplier knows of it.';
CREATE TABLE public.delegation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    revoked_at timestamp with time zone,
    version integer NOT NULL,
    company_id uuid NOT NULL,
    giver_id uuid NOT NULL,
    taker_id uuid NOT NULL,
    CONSTRAINT delegation_days CHECK ((valid_from <= valid_to)),
    CONSTRAINT delegation_to_another CHECK ((giver_id <> taker_id))
);
COMMENT ON TABLE public.delegation IS 'From the first day to the last, as dates at the company''s place, the taker may answer where the giver is asked.';
CREATE TABLE public.enquiry (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    status character varying(16) NOT NULL,
    version integer NOT NULL,
    title character varying(200) NOT NULL,
    remark character varying(2000),
    delivery_place character varying(300),
    delivery_zone character varying(64) NOT NULL,
    requested_on date,
    quality_requirement character varying(2000),
    answer_by timestamp with time zone,
    is_sealed boolean NOT NULL,
    closing_note character varying(1000),
    issued_at timestamp with time zone,
    closed_at timestamp with time zone,
    updated_at timestamp with time zone NOT NULL,
    buyer_id uuid NOT NULL,
    requester_id uuid NOT NULL,
    delivery_address jsonb,
    cost_centre_id uuid,
    CONSTRAINT enquiry_sealed_until CHECK (((NOT is_sealed) OR (answer_by IS NOT NULL)))
);
COMMENT ON TABLE public.enquiry IS 'What a buyer asks of several suppliers at once: a document of the buyer''s alone.';
COMMENT ON COLUMN public.enquiry.status IS 'DRAFT: DRAFT\nOPEN: OPEN\nCLOSED: CLOSED\nAWARDED: AWARDED\nCANCELLED: CANCELLED';
CREATE TABLE public.enquiry_invitation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    withdrawn_at timestamp with time zone,
    enquiry_id uuid NOT NULL,
    order_id uuid,
    supplier_id uuid NOT NULL
);
COMMENT ON TABLE public.enquiry_invitation IS 'A supplier that is asked, and the sibling order by which it is asked; the order itself knows nothing of it.';
CREATE TABLE public.enquiry_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    name character varying(200) NOT NULL,
    sku character varying(64),
    specification jsonb NOT NULL,
    unit character varying(3) NOT NULL,
    quantity numeric(20,6) NOT NULL,
    quality_requirement character varying(2000),
    requested_on date,
    enquiry_id uuid NOT NULL,
    product_id uuid,
    CONSTRAINT enquiry_line_quantity CHECK ((quantity > (0)::numeric))
);
COMMENT ON TABLE public.enquiry_line IS 'One thing that is asked for, in the buyer''s words.';
COMMENT ON COLUMN public.enquiry_line.unit IS 'H87: H87\nSET: SET\nPR: PR\nDZN: DZN\nCEN: CEN\nMIL: MIL\nKGM: KGM\nGRM: GRM\nTNE: TNE\nMTR: MTR\nCMT: CMT\nMMT: MMT\nKMT: KMT\nMTK: MTK\nMTQ: MTQ\nLTR: LTR\nMLT: MLT\nKWH: KWH\nHUR: HUR\nDAY: DAY\nXBX: XBX\nXCT: XCT\nXPX: XPX\nXRO: XRO\nXBG: XBG\nXBO: XBO\nXDR: XDR';
CREATE TABLE public.enquiry_match (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    invitation_id uuid NOT NULL,
    line_id uuid NOT NULL,
    order_line_id uuid,
    product_id uuid NOT NULL
);
COMMENT ON TABLE public.enquiry_match IS 'Which product of an invited supplier answers which line; kept here alone, so that no order line tells of an enquiry.';
CREATE TABLE public.errand (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(20) NOT NULL,
    subject_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    leased_until timestamp with time zone,
    done_at timestamp with time zone,
    trouble character varying(200)
);
COMMENT ON TABLE public.errand IS 'One thing to do for one subject; whoever works on it holds it for a while, and then somebody else may.';
COMMENT ON COLUMN public.errand.kind IS 'what is to be done, see rules/errands.py';
CREATE TABLE public.eta_revision (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    eta timestamp with time zone NOT NULL,
    said_by character varying(120) NOT NULL,
    shipment_id uuid NOT NULL
);
COMMENT ON TABLE public.eta_revision IS 'When a shipment was expected, and who said so; kept for good.';
CREATE TABLE public.event (
    id bigint NOT NULL,
    stream uuid NOT NULL,
    topic character varying(16) NOT NULL,
    seq integer NOT NULL,
    shared_seq integer,
    shipment_id uuid,
    shipment_seq integer,
    kind character varying(32) NOT NULL,
    actor_company_id uuid,
    actor_member_id uuid,
    actor_name character varying(120) NOT NULL,
    body jsonb NOT NULL,
    readers uuid[] NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    announced boolean NOT NULL
);
COMMENT ON TABLE public.event IS 'A fact, written in the transaction of the change it reports and never updated but for `announced`.';
COMMENT ON COLUMN public.event.topic IS 'whose stream it is in, see rules/events.py';
COMMENT ON COLUMN public.event.kind IS 'what happened, see rules/events.py';
CREATE SEQUENCE public.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.event_id_seq OWNED BY public.event.id;
CREATE TABLE public.feed_entry (
    id bigint NOT NULL,
    company_id uuid NOT NULL,
    "position" bigint NOT NULL,
    event_id bigint NOT NULL
);
COMMENT ON TABLE public.feed_entry IS 'An event in a company''s feed, under that company''s own gapless position.';
CREATE SEQUENCE public.feed_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.feed_entry_id_seq OWNED BY public.feed_entry.id;
CREATE TABLE public.feed_head (
    company_id uuid NOT NULL,
    "position" bigint NOT NULL
);
COMMENT ON TABLE public.feed_head IS 'The last position given out in a company''s feed.';
CREATE TABLE public.framework_agreement (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    proposed_by character varying(8) NOT NULL,
    proposer_name character varying(120) NOT NULL,
    status character varying(20) NOT NULL,
    turn character varying(8),
    version integer NOT NULL,
    currency character varying(3) NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    order_limit numeric(20,2) NOT NULL,
    total_limit numeric(20,2) NOT NULL,
    called_off numeric(20,2) NOT NULL,
    payment_net_days integer NOT NULL,
    remark character varying(2000),
    text text NOT NULL,
    sha256 character varying(64) NOT NULL,
    sign_by timestamp with time zone NOT NULL,
    effective_at timestamp with time zone,
    ended_at timestamp with time zone,
    ending_reason character varying(1000),
    buyer_id uuid NOT NULL,
    supplier_id uuid NOT NULL,
    CONSTRAINT agreement_limits CHECK (((order_limit > (0)::numeric) AND (order_limit <= total_limit))),
    CONSTRAINT agreement_not_exceeded CHECK (((called_off >= (0)::numeric) AND (called_off <= total_limit))),
    CONSTRAINT agreement_period CHECK ((valid_from <= valid_to)),
    CONSTRAINT agreement_two_parties CHECK ((buyer_id <> supplier_id))
);
COMMENT ON TABLE public.framework_agreement IS 'A contract under which later orders up to its limits need no signature; a trigger refuses any change of what was signed.';
COMMENT ON COLUMN public.framework_agreement.proposed_by IS 'BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK';
COMMENT ON COLUMN public.framework_agreement.status IS 'PROPOSED: PROPOSED\nPARTIALLY_SIGNED: PARTIALLY_SIGNED\nACTIVE: ACTIVE\nEXPIRED: EXPIRED\nTERMINATED: TERMINATED\nREFUSED: REFUSED';
COMMENT ON COLUMN public.framework_agreement.turn IS 'BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK';
COMMENT ON COLUMN public.framework_agreement.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.graded_customer (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    customer_id uuid NOT NULL,
    grade_id uuid NOT NULL,
    supplier_id uuid NOT NULL,
    CONSTRAINT graded_customer_is_another CHECK ((supplier_id <> customer_id))
);
COMMENT ON TABLE public.graded_customer IS 'At which grade a supplier keeps a customer: at one at most.';
CREATE TABLE public.idempotency_key (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    caller uuid NOT NULL,
    key character varying(64) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    result_id uuid
);
COMMENT ON TABLE public.idempotency_key IS 'A key one caller used, what it asked for, and the id of what came out.';
CREATE TABLE public.invoice (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    status character varying(16) NOT NULL,
    version integer NOT NULL,
    currency character varying(3) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    total numeric(20,2) NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    dispute_reason character varying(1000),
    order_id uuid NOT NULL,
    supplier_id uuid NOT NULL,
    tax_inclusion character varying(16) NOT NULL,
    rounding_mode character varying(16) NOT NULL,
    tax_level character varying(16) NOT NULL,
    CONSTRAINT invoice_total CHECK ((total = (net + tax)))
);
COMMENT ON TABLE public.invoice IS 'A claim for accepted goods; never edited, never deleted.';
COMMENT ON COLUMN public.invoice.status IS 'ISSUED: ISSUED\nACCEPTED: ACCEPTED\nDISPUTED: DISPUTED\nCREDITED: CREDITED';
COMMENT ON COLUMN public.invoice.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.invoice_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    quantity numeric(20,6) NOT NULL,
    unit_price numeric(20,6) NOT NULL,
    tax_rate numeric(7,6) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    invoice_id uuid NOT NULL,
    order_line_id uuid,
    allowance character varying(200)
);
COMMENT ON TABLE public.invoice_line IS 'Accepted goods at the contract''s price, or freight where there is no order line.';
CREATE TABLE public.invoice_series (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    year integer NOT NULL,
    ordinal integer NOT NULL,
    supplier_id uuid NOT NULL,
    document character varying(12) NOT NULL
);
COMMENT ON TABLE public.invoice_series IS 'The newest ordinal a supplier used in a year; its row lock makes invoice numbers gapless, as the law wants.';
CREATE TABLE public.ledger_entry (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    posting uuid NOT NULL,
    kind character varying(12) NOT NULL,
    account character varying(20) NOT NULL,
    currency character varying(3) NOT NULL,
    amount numeric(20,2) NOT NULL,
    document_id uuid NOT NULL,
    reverses uuid,
    company_id uuid NOT NULL,
    counterparty_id uuid NOT NULL,
    invoice_id uuid,
    order_id uuid NOT NULL
);
COMMENT ON TABLE public.ledger_entry IS 'One side of a posting, debit positive; a deferred trigger refuses a posting that does not add up to zero.';
COMMENT ON COLUMN public.ledger_entry.kind IS 'which act, see rules/accounts.py';
COMMENT ON COLUMN public.ledger_entry.account IS 'see rules/accounts.py';
COMMENT ON COLUMN public.ledger_entry.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.member (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sign_in_name character varying(120) NOT NULL,
    display_name character varying(120) NOT NULL,
    password_hash character varying(200) NOT NULL,
    roles text[] NOT NULL,
    locale character varying(8) NOT NULL,
    is_active boolean NOT NULL,
    company_id uuid NOT NULL,
    version integer NOT NULL
);
COMMENT ON TABLE public.member IS 'A person who acts for a company.';
CREATE TABLE public.merchant_account (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    method character varying(16) NOT NULL,
    endpoint character varying(43) NOT NULL,
    app_id character varying(32) NOT NULL,
    payee character varying(32) NOT NULL,
    certificate_serial character varying(64) NOT NULL,
    keys bytea NOT NULL,
    is_sandbox boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    company_id uuid NOT NULL,
    replaced_at timestamp with time zone
);
COMMENT ON TABLE public.merchant_account IS 'A supplier''s account with a provider; its keys are sealed together and open for this row alone.';
COMMENT ON COLUMN public.merchant_account.method IS 'BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY';
CREATE TABLE public.message (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    author_name character varying(120) NOT NULL,
    kind character varying(16) NOT NULL,
    text character varying(4000) NOT NULL,
    channel character varying(16),
    talked_at timestamp with time zone,
    company_id uuid NOT NULL,
    order_id uuid NOT NULL,
    seq integer NOT NULL
);
COMMENT ON TABLE public.message IS 'Something said on an order: a chat message, a question or its answer, or a talk held elsewhere.';
COMMENT ON COLUMN public.message.kind IS 'MESSAGE: MESSAGE\nQUESTION: QUESTION\nANSWER: ANSWER\nTALK: TALK';
COMMENT ON COLUMN public.message.channel IS 'PHONE: PHONE\nEMAIL: EMAIL\nMEETING: MEETING\nOTHER: OTHER';
CREATE TABLE public.official_invoice (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    type character varying(24) NOT NULL,
    status character varying(12) NOT NULL,
    code character varying(12) NOT NULL,
    number character varying(20) NOT NULL,
    issued_on date NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    total numeric(20,2) NOT NULL,
    rates jsonb NOT NULL,
    void_reason character varying(1000),
    voided_at timestamp with time zone,
    attachment_id uuid,
    credit_note_id uuid,
    invoice_id uuid,
    order_id uuid NOT NULL,
    replaces_id uuid,
    supplier_id uuid NOT NULL,
    CONSTRAINT official_invoice_document CHECK (((invoice_id IS NULL) <> (credit_note_id IS NULL))),
    CONSTRAINT official_invoice_total CHECK (((total = (net + tax)) AND (net >= (0)::numeric) AND (tax >= (0)::numeric) AND (total > (0)::numeric))),
    CONSTRAINT official_invoice_voided CHECK ((((status)::text = 'VOIDED'::text) = (voided_at IS NOT NULL)))
);
COMMENT ON TABLE public.official_invoice IS 'An official invoice as its supplier recorded it; a wrong record is voided and made anew, never changed.';
COMMENT ON COLUMN public.official_invoice.type IS 'DIGITAL_SPECIAL: DIGITAL_SPECIAL\nDIGITAL_ORDINARY: DIGITAL_ORDINARY\nELECTRONIC_SPECIAL: ELECTRONIC_SPECIAL\nELECTRONIC_ORDINARY: ELECTRONIC_ORDINARY\nSPECIAL: SPECIAL\nORDINARY: ORDINARY';
COMMENT ON COLUMN public.official_invoice.status IS 'RECORDED: RECORDED\nVOIDED: VOIDED';
CREATE TABLE public.online_payment (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    method character varying(16) NOT NULL,
    flow character varying(8) NOT NULL,
    number character varying(32) NOT NULL,
    transaction_id character varying(64),
    app_id character varying(32) NOT NULL,
    payee character varying(32) NOT NULL,
    is_sandbox boolean NOT NULL,
    payer_address character varying(45) NOT NULL,
    content text,
    expires_at timestamp with time zone NOT NULL,
    close_asked_at timestamp with time zone,
    paid_at timestamp with time zone,
    amount numeric(20,2) NOT NULL,
    refunded numeric(20,2) NOT NULL,
    account_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    terms jsonb,
    statement_on date,
    confirm_at timestamp with time zone,
    payer_openid character varying(128),
    CONSTRAINT online_payment_refunded CHECK (((refunded >= (0)::numeric) AND (refunded <= amount)))
);
COMMENT ON TABLE public.online_payment IS 'What a provider was asked to collect for a payment, and what it said of that.';
COMMENT ON COLUMN public.online_payment.method IS 'BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY';
COMMENT ON COLUMN public.online_payment.flow IS 'QR: QR\nPAGE: PAGE\nAPP: APP\nJSAPI: JSAPI';
CREATE TABLE public.order_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    sku character varying(64) NOT NULL,
    name_zh character varying(200) NOT NULL,
    name_en character varying(200) NOT NULL,
    specification jsonb NOT NULL,
    unit character varying(3) NOT NULL,
    quantity numeric(20,6) NOT NULL,
    list_price numeric(20,6) NOT NULL,
    tax_rate numeric(7,6) NOT NULL,
    quality_requirement character varying(2000),
    requested_on date,
    order_id uuid NOT NULL,
    product_id uuid NOT NULL,
    delivery_address jsonb,
    delivery_entry_id uuid,
    delivery_place character varying(300),
    delivery_zone character varying(64),
    CONSTRAINT order_line_quantity CHECK ((quantity > (0)::numeric))
);
COMMENT ON TABLE public.order_line IS 'One article of an order, as the catalogue described it then.';
COMMENT ON COLUMN public.order_line.unit IS 'H87: H87\nSET: SET\nPR: PR\nDZN: DZN\nCEN: CEN\nMIL: MIL\nKGM: KGM\nGRM: GRM\nTNE: TNE\nMTR: MTR\nCMT: CMT\nMMT: MMT\nKMT: KMT\nMTK: MTK\nMTQ: MTQ\nLTR: LTR\nMLT: MLT\nKWH: KWH\nHUR: HUR\nDAY: DAY\nXBX: XBX\nXCT: XCT\nXPX: XPX\nXRO: XRO\nXBG: XBG\nXBO: XBO\nXDR: XDR';
CREATE TABLE public.order_template (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(80) NOT NULL,
    version integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    company_id uuid NOT NULL,
    supplier_id uuid NOT NULL
);
COMMENT ON TABLE public.order_template IS 'Goods of one supplier that a company orders together; its supplier never hears of it.';
CREATE TABLE public.order_template_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    sku character varying(64) NOT NULL,
    name_zh character varying(200) NOT NULL,
    name_en character varying(200) NOT NULL,
    unit character varying(3) NOT NULL,
    quantity numeric(20,6) NOT NULL,
    quality_requirement character varying(2000),
    product_id uuid NOT NULL,
    template_id uuid NOT NULL,
    delivery_entry_id uuid,
    CONSTRAINT order_template_line_quantity CHECK ((quantity > (0)::numeric))
);
COMMENT ON TABLE public.order_template_line IS 'One article of a template, as it was called when it was added.';
COMMENT ON COLUMN public.order_template_line.unit IS 'H87: H87\nSET: SET\nPR: PR\nDZN: DZN\nCEN: CEN\nMIL: MIL\nKGM: KGM\nGRM: GRM\nTNE: TNE\nMTR: MTR\nCMT: CMT\nMMT: MMT\nKMT: KMT\nMTK: MTK\nMTQ: MTQ\nLTR: LTR\nMLT: MLT\nKWH: KWH\nHUR: HUR\nDAY: DAY\nXBX: XBX\nXCT: XCT\nXPX: XPX\nXRO: XRO\nXBG: XBG\nXBO: XBO\nXDR: XDR';
CREATE TABLE public.package (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    package_type character varying(2) NOT NULL,
    sscc character varying(18),
    gross_weight numeric(12,3),
    length numeric(8,2),
    width numeric(8,2),
    height numeric(8,2),
    shipment_id uuid NOT NULL,
    CONSTRAINT package_dimensions CHECK (((length > (0)::numeric) AND (width > (0)::numeric) AND (height > (0)::numeric))),
    CONSTRAINT package_gross_weight CHECK ((gross_weight > (0)::numeric)),
    CONSTRAINT package_measured CHECK ((num_nulls(length, width, height) = ANY (ARRAY[0, 3]))),
    CONSTRAINT package_sscc CHECK (((sscc)::text ~ '^[0-9]{18}$'::text))
);
COMMENT ON TABLE public.package IS 'A transport handling unit of a shipment (UBL TransportHandlingUnit, GS1 logistic unit).';
COMMENT ON COLUMN public.package.package_type IS 'CT: CT\nBX: BX\nCS: CS\nCR: CR\nPX: PX\nPC: PC\nPK: PK\nBG: BG\nSA: SA\nBE: BE\nBL: BL\nRO: RO\nRL: RL\nDR: DR\nBA: BA\nJY: JY\nWA: WA\nCG: CG\nTU: TU\nEN: EN\nNE: NE';
CREATE TABLE public.package_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    quantity numeric(20,6) NOT NULL,
    package_id uuid NOT NULL,
    shipment_line_id uuid NOT NULL,
    CONSTRAINT package_line_quantity CHECK ((quantity > (0)::numeric))
);
COMMENT ON TABLE public.package_line IS 'How much of a shipment''s line lies in a package; over all packages never more than was despatched, which a trigger keeps.';
CREATE TABLE public.payment (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    method character varying(16) NOT NULL,
    status character varying(20) NOT NULL,
    version integer NOT NULL,
    currency character varying(3) NOT NULL,
    amount numeric(20,2) NOT NULL,
    paid_on date NOT NULL,
    bank_reference character varying(64) NOT NULL,
    proof_sha256 character varying(64),
    remark character varying(1000),
    failure_reason character varying(1000),
    confirmed_at timestamp with time zone,
    order_id uuid NOT NULL,
    bounced_at timestamp with time zone,
    proof_id uuid,
    received numeric(20,2),
    advance numeric(20,2) NOT NULL,
    confirmed_by_clock boolean NOT NULL,
    is_sandbox boolean NOT NULL,
    CONSTRAINT payment_advance CHECK ((advance >= (0)::numeric)),
    CONSTRAINT payment_amount CHECK ((amount > (0)::numeric)),
    CONSTRAINT payment_received CHECK ((received > (0)::numeric))
);
COMMENT ON TABLE public.payment IS 'One transfer of money for an order, with what was shown as proof of it.';
COMMENT ON COLUMN public.payment.method IS 'BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY';
COMMENT ON COLUMN public.payment.status IS 'PROOF_SUBMITTED: PROOF_SUBMITTED\nAWAITING_CHANNEL: AWAITING_CHANNEL\nCHANNEL_CONFIRMED: CHANNEL_CONFIRMED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nFAILED: FAILED\nBOUNCED: BOUNCED\nCLOSED: CLOSED\nREFUNDED: REFUNDED';
COMMENT ON COLUMN public.payment.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.payment_allocation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    amount numeric(20,2) NOT NULL,
    invoice_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT payment_allocation_amount CHECK ((amount >= (0)::numeric))
);
COMMENT ON TABLE public.payment_allocation IS 'How much of a payment goes to which invoice.';
CREATE TABLE public.payment_notice (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    method character varying(16) NOT NULL,
    event_id character varying(128) NOT NULL,
    number character varying(64) NOT NULL,
    sha256 character varying(64) NOT NULL,
    status character varying(8) NOT NULL,
    reason character varying(20),
    account_id uuid NOT NULL,
    company_id uuid NOT NULL
);
COMMENT ON TABLE public.payment_notice IS 'What a provider told, once: proven to be its own, and applied or refused. What it said is not kept, only its hash.';
COMMENT ON COLUMN public.payment_notice.method IS 'BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY';
COMMENT ON COLUMN public.payment_notice.status IS 'APPLIED: APPLIED\nREFUSED: REFUSED';
COMMENT ON COLUMN public.payment_notice.reason IS 'UNSIGNED: UNSIGNED\nBAD_SIGNATURE: BAD_SIGNATURE\nWRONG_ALGORITHM: WRONG_ALGORITHM\nUNKNOWN_KEY: UNKNOWN_KEY\nSTALE: STALE\nPROBE: PROBE\nUNREADABLE: UNREADABLE\nUNKNOWN_PAYMENT: UNKNOWN_PAYMENT\nWRONG_APP: WRONG_APP\nWRONG_PAYEE: WRONG_PAYEE\nWRONG_CURRENCY: WRONG_CURRENCY\nWRONG_AMOUNT: WRONG_AMOUNT\nOTHER_TRANSACTION: OTHER_TRANSACTION';
CREATE TABLE public.payment_obligation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_on date NOT NULL,
    look_on date,
    ended_at timestamp with time zone,
    invoice_id uuid,
    order_id uuid NOT NULL,
    is_owed boolean NOT NULL
);
COMMENT ON TABLE public.payment_obligation IS 'A day by which the buyer of an order has to pay: the prepayment its contract asks for, or what of an invoice that does not cover.';
CREATE TABLE public.payment_refund (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(64) NOT NULL,
    status character varying(10) NOT NULL,
    why character varying(16) NOT NULL,
    amount numeric(20,2) NOT NULL,
    remark character varying(1000),
    failure_reason character varying(200),
    done_at timestamp with time zone,
    order_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    statement_on date,
    CONSTRAINT payment_refund_amount CHECK ((amount > (0)::numeric))
);
COMMENT ON TABLE public.payment_refund IS 'Money of an online payment that goes back, or should: a task while it is DUE.';
COMMENT ON COLUMN public.payment_refund.status IS 'DUE: DUE\nREQUESTED: REQUESTED\nSUCCEEDED: SUCCEEDED\nFAILED: FAILED';
COMMENT ON COLUMN public.payment_refund.why IS 'REQUESTED: REQUESTED\nPAID_TOO_LATE: PAID_TOO_LATE\nMADE_ELSEWHERE: MADE_ELSEWHERE';
CREATE TABLE public.payment_reminder (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_on date NOT NULL,
    is_overdue boolean NOT NULL,
    obligation_id uuid NOT NULL
);
COMMENT ON TABLE public.payment_reminder IS 'Both sides were told of an obligation, once before it was due and once when it was overdue; anew for another due date.';
CREATE TABLE public.price_list (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(120) NOT NULL,
    currency character varying(3) NOT NULL,
    audience character varying(8) NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    archived_at timestamp with time zone,
    version integer NOT NULL,
    customer_id uuid,
    grade_id uuid,
    supplier_id uuid NOT NULL,
    tax_inclusion character varying(16) NOT NULL,
    CONSTRAINT price_list_audience CHECK (((((audience)::text = 'EVERYONE'::text) AND (customer_id IS NULL) AND (grade_id IS NULL)) OR (((audience)::text = 'CUSTOMER'::text) AND (customer_id IS NOT NULL) AND (grade_id IS NULL)) OR (((audience)::text = 'GRADE'::text) AND (customer_id IS NULL) AND (grade_id IS NOT NULL)))),
    CONSTRAINT price_list_customer_is_another CHECK ((customer_id <> supplier_id)),
    CONSTRAINT price_list_period CHECK (((valid_to IS NULL) OR (valid_from <= valid_to)))
);
COMMENT ON TABLE public.price_list IS 'What a supplier asks of a customer, of a grade, or of everyone, from one day to another in one currency (UBL PriceList).';
COMMENT ON COLUMN public.price_list.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
COMMENT ON COLUMN public.price_list.audience IS 'CUSTOMER: CUSTOMER\nGRADE: GRADE\nEVERYONE: EVERYONE';
CREATE TABLE public.price_list_item (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    minimum_quantity numeric(20,6) NOT NULL,
    unit_price numeric(20,6) NOT NULL,
    price_list_id uuid NOT NULL,
    product_id uuid NOT NULL,
    CONSTRAINT price_list_item_amounts CHECK (((minimum_quantity > (0)::numeric) AND (unit_price >= (0)::numeric)))
);
COMMENT ON TABLE public.price_list_item IS 'What one unit of a product costs without tax on a list, from a quantity on.';
CREATE TABLE public.product (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sku character varying(64) NOT NULL,
    name_zh character varying(200) NOT NULL,
    name_en character varying(200) NOT NULL,
    specification jsonb NOT NULL,
    unit character varying(3) NOT NULL,
    list_price numeric(20,6) NOT NULL,
    currency character varying(3) NOT NULL,
    tax_rate numeric(7,6) NOT NULL,
    minimum_quantity numeric(20,6) NOT NULL,
    quantity_step numeric(20,6) NOT NULL,
    lead_time_days integer NOT NULL,
    stock_on_hand numeric(20,6),
    stock_reserved numeric(20,6) NOT NULL,
    is_active boolean NOT NULL,
    version integer NOT NULL,
    words text[] NOT NULL,
    category_id uuid NOT NULL,
    supplier_id uuid NOT NULL,
    CONSTRAINT product_list_price CHECK ((list_price >= (0)::numeric)),
    CONSTRAINT product_quantities CHECK (((minimum_quantity > (0)::numeric) AND (quantity_step > (0)::numeric))),
    CONSTRAINT product_stock CHECK (((stock_on_hand >= (0)::numeric) AND (stock_reserved >= (0)::numeric))),
    CONSTRAINT product_tax_rate CHECK (((tax_rate >= (0)::numeric) AND (tax_rate < (1)::numeric)))
);
COMMENT ON TABLE public.product IS 'One article of one supplier, with the terms it is usually sold on.';
COMMENT ON COLUMN public.product.unit IS 'H87: H87\nSET: SET\nPR: PR\nDZN: DZN\nCEN: CEN\nMIL: MIL\nKGM: KGM\nGRM: GRM\nTNE: TNE\nMTR: MTR\nCMT: CMT\nMMT: MMT\nKMT: KMT\nMTK: MTK\nMTQ: MTQ\nLTR: LTR\nMLT: MLT\nKWH: KWH\nHUR: HUR\nDAY: DAY\nXBX: XBX\nXCT: XCT\nXPX: XPX\nXRO: XRO\nXBG: XBG\nXBO: XBO\nXDR: XDR';
COMMENT ON COLUMN public.product.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.promotion (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(120) NOT NULL,
    currency character varying(3) NOT NULL,
    policy character varying(40) NOT NULL,
    terms jsonb NOT NULL,
    audience character varying(8) NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    stacking character varying(12) NOT NULL,
    priority integer NOT NULL,
    minimum_amount numeric(20,2) NOT NULL,
    max_uses integer,
    max_uses_per_customer integer,
    used integer NOT NULL,
    ended_at timestamp with time zone,
    version integer NOT NULL,
    customer_id uuid,
    grade_id uuid,
    supplier_id uuid NOT NULL,
    CONSTRAINT promotion_audience CHECK (((((audience)::text = 'EVERYONE'::text) AND (customer_id IS NULL) AND (grade_id IS NULL)) OR (((audience)::text = 'CUSTOMER'::text) AND (customer_id IS NOT NULL) AND (grade_id IS NULL)) OR (((audience)::text = 'GRADE'::text) AND (customer_id IS NULL) AND (grade_id IS NOT NULL)))),
    CONSTRAINT promotion_minimum CHECK ((minimum_amount >= (0)::numeric)),
    CONSTRAINT promotion_not_overused CHECK (((used >= 0) AND (used <= COALESCE(max_uses, used)))),
    CONSTRAINT promotion_period CHECK (((valid_to IS NULL) OR (valid_from <= valid_to)))
);
COMMENT ON TABLE public.promotion IS 'What a supplier takes off for a customer, a grade or everyone, from one day to another; made once and ended, never changed.';
COMMENT ON COLUMN public.promotion.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
COMMENT ON COLUMN public.promotion.audience IS 'CUSTOMER: CUSTOMER\nGRADE: GRADE\nEVERYONE: EVERYONE';
COMMENT ON COLUMN public.promotion.stacking IS 'COMBINABLE: COMBINABLE\nEXCLUSIVE: EXCLUSIVE';
CREATE TABLE public.promotion_product (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    quantity numeric(20,6) NOT NULL,
    product_id uuid NOT NULL,
    promotion_id uuid NOT NULL,
    CONSTRAINT promotion_product_quantity CHECK ((quantity > (0)::numeric))
);
COMMENT ON TABLE public.promotion_product IS 'A product that a promotion is about, and how many of it belong together with the others.';
CREATE TABLE public.promotion_use (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    customer_id uuid NOT NULL,
    order_id uuid NOT NULL,
    promotion_id uuid NOT NULL
);
COMMENT ON TABLE public.promotion_use IS 'An order that a promotion reduces: there from the offer on, and gone when that comes to nothing.';
CREATE TABLE public.purchase_order (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    status character varying(24) NOT NULL,
    turn character varying(8),
    turn_since timestamp with time zone NOT NULL,
    version integer NOT NULL,
    hidden_versions integer,
    currency character varying(3) NOT NULL,
    delivery_place character varying(300),
    delivery_zone character varying(64) NOT NULL,
    requested_on date,
    quality_requirement character varying(2000),
    estimated_total numeric(20,2) NOT NULL,
    agreed_total numeric(20,2),
    closing_reason character varying(40),
    closing_note character varying(1000),
    placed_at timestamp with time zone,
    contracted_at timestamp with time zone,
    completed_at timestamp with time zone,
    settled_at timestamp with time zone,
    updated_at timestamp with time zone NOT NULL,
    buyer_id uuid NOT NULL,
    requester_id uuid NOT NULL,
    supplier_id uuid NOT NULL,
    approval_pending boolean NOT NULL,
    answer_by timestamp with time zone,
    is_sealed boolean NOT NULL,
    under_review boolean NOT NULL,
    delivery_address jsonb,
    amendment character varying(24),
    cost_centre_id uuid,
    holds_promotions boolean NOT NULL,
    CONSTRAINT order_two_parties CHECK ((buyer_id <> supplier_id))
);
COMMENT ON TABLE public.purchase_order IS 'A purchase order between one buyer and one supplier.';
COMMENT ON COLUMN public.purchase_order.status IS 'DRAFT: DRAFT\nPENDING_APPROVAL: PENDING_APPROVAL\nPENDING_SUPPLIER: PENDING_SUPPLIER\nPENDING_BUYER: PENDING_BUYER\nNEGOTIATING: NEGOTIATING\nPENDING_SIGNATURE: PENDING_SIGNATURE\nCONTRACTED: CONTRACTED\nCOMPLETED: COMPLETED\nREJECTED: REJECTED\nDECLINED: DECLINED\nEXPIRED: EXPIRED\nCANCELLED: CANCELLED\nTERMINATED: TERMINATED';
COMMENT ON COLUMN public.purchase_order.turn IS 'BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK';
COMMENT ON COLUMN public.purchase_order.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.quantity_entry (
    id bigint NOT NULL,
    movement character varying(20) NOT NULL,
    quantity numeric(20,6) NOT NULL,
    document_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    order_line_id uuid NOT NULL,
    CONSTRAINT quantity_entry_not_zero CHECK ((quantity <> (0)::numeric))
);
COMMENT ON TABLE public.quantity_entry IS 'One entry of the quantity ledger; entries are added, never changed.';
COMMENT ON COLUMN public.quantity_entry.movement IS 'ORDERED: ORDERED\nCANCELLED: CANCELLED\nDESPATCHED: DESPATCHED\nACCEPTED: ACCEPTED\nREJECTED: REJECTED\nSHORT: SHORT\nINVOICED: INVOICED\nCREDITED: CREDITED\nRETURNED: RETURNED\nRETURNED_REJECTED: RETURNED_REJECTED\nREPLACED: REPLACED';
CREATE SEQUENCE public.quantity_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.quantity_entry_id_seq OWNED BY public.quantity_entry.id;
CREATE TABLE public.quotation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    revision integer NOT NULL,
    status character varying(16) NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    currency character varying(3) NOT NULL,
    rounding_mode character varying(16) NOT NULL,
    tax_level character varying(16) NOT NULL,
    freight numeric(20,2) NOT NULL,
    freight_tax_rate numeric(7,6) NOT NULL,
    freight_tax numeric(20,2) NOT NULL,
    payment_net_days integer NOT NULL,
    incoterm character varying(3),
    remark character varying(2000),
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    total numeric(20,2) NOT NULL,
    sent_by character varying(120) NOT NULL,
    order_id uuid NOT NULL,
    partial_acceptance character varying(16) NOT NULL,
    payment_moment character varying(16) NOT NULL,
    prepaid_share numeric(7,6) NOT NULL,
    incoterm_place character varying(300),
    inspection_days integer NOT NULL,
    warranty_days integer NOT NULL,
    tax_inclusion character varying(16) NOT NULL,
    CONSTRAINT quotation_amounts CHECK (((freight >= (0)::numeric) AND (net >= (0)::numeric) AND (tax >= (0)::numeric))),
    CONSTRAINT quotation_prepaid CHECK (((prepaid_share >= (0)::numeric) AND (prepaid_share <= (1)::numeric))),
    CONSTRAINT quotation_total CHECK ((total = (net + tax)))
);
COMMENT ON TABLE public.quotation IS 'One revision of a supplier''s offer; once sent, only its status changes.';
COMMENT ON COLUMN public.quotation.status IS 'SENT: SENT\nACCEPTED: ACCEPTED\nDECLINED: DECLINED\nWITHDRAWN: WITHDRAWN\nSUPERSEDED: SUPERSEDED\nEXPIRED: EXPIRED';
COMMENT ON COLUMN public.quotation.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
COMMENT ON COLUMN public.quotation.rounding_mode IS 'HALF_UP: HALF_UP\nHALF_EVEN: HALF_EVEN\nDOWN: DOWN\nUP: UP';
COMMENT ON COLUMN public.quotation.tax_level IS 'LINE: LINE\nDOCUMENT: DOCUMENT';
COMMENT ON COLUMN public.quotation.incoterm IS 'EXW: EXW\nFCA: FCA\nCPT: CPT\nCIP: CIP\nDAP: DAP\nDPU: DPU\nDDP: DDP\nFAS: FAS\nFOB: FOB\nCFR: CFR\nCIF: CIF';
CREATE TABLE public.quotation_allowance (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    kind character varying(16) NOT NULL,
    reason_code character varying(3),
    reason character varying(200) NOT NULL,
    share numeric(7,6),
    tax_rate numeric(7,6) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    quotation_id uuid NOT NULL
);
COMMENT ON TABLE public.quotation_allowance IS 'An allowance or charge on a whole quotation (UBL AllowanceCharge); `net` and `tax` are below zero where it is an allowance.';
COMMENT ON COLUMN public.quotation_allowance.kind IS 'ALLOWANCE: ALLOWANCE\nCHARGE: CHARGE';
CREATE TABLE public.quotation_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    quantity numeric(20,6) NOT NULL,
    unit_price numeric(20,6) NOT NULL,
    tax_rate numeric(7,6) NOT NULL,
    net numeric(20,2) NOT NULL,
    tax numeric(20,2) NOT NULL,
    promised_on date NOT NULL,
    quality_remark character varying(2000),
    order_line_id uuid NOT NULL,
    quotation_id uuid NOT NULL,
    over_delivery_tolerance numeric(7,6) NOT NULL,
    price_explanation jsonb,
    CONSTRAINT quotation_line_amounts CHECK (((quantity > (0)::numeric) AND (unit_price >= (0)::numeric))),
    CONSTRAINT quotation_line_tolerance CHECK (((over_delivery_tolerance >= (0)::numeric) AND (over_delivery_tolerance <= (1)::numeric)))
);
COMMENT ON TABLE public.quotation_line IS 'What one order line would cost, how many, and when.';
CREATE TABLE public.read_mark (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seq integer NOT NULL,
    member_id uuid NOT NULL,
    order_id uuid NOT NULL
);
COMMENT ON TABLE public.read_mark IS 'How far a member has read: nobody''s business but their own.';
CREATE TABLE public.read_state (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    side character varying(8) NOT NULL,
    seq integer NOT NULL,
    version integer NOT NULL,
    read_at timestamp with time zone NOT NULL,
    company_id uuid NOT NULL,
    message_id uuid NOT NULL,
    order_id uuid NOT NULL
);
COMMENT ON TABLE public.read_state IS 'How far a company has read, whoever of it read first; its events are a stream of its own, which both parties read.';
COMMENT ON COLUMN public.read_state.side IS 'BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK';
CREATE TABLE public.reconciliation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    method character varying(16) NOT NULL,
    day date NOT NULL,
    status character varying(12) NOT NULL,
    version integer NOT NULL,
    our_paid numeric(20,2) NOT NULL,
    our_refunded numeric(20,2) NOT NULL,
    our_count integer NOT NULL,
    their_paid numeric(20,2) NOT NULL,
    their_refunded numeric(20,2) NOT NULL,
    their_count integer NOT NULL,
    fees numeric(20,2) NOT NULL,
    compared_at timestamp with time zone,
    account_id uuid NOT NULL,
    company_id uuid NOT NULL
);
COMMENT ON TABLE public.reconciliation IS 'A day of a supplier''s account with a provider, by our ledger and by the provider''s statement.';
COMMENT ON COLUMN public.reconciliation.method IS 'BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE\nALIPAY: ALIPAY\nWECHAT_PAY: WECHAT_PAY';
COMMENT ON COLUMN public.reconciliation.status IS 'WAITING: WAITING\nUNREADABLE: UNREADABLE\nRECONCILED: RECONCILED\nDIFFERS: DIFFERS';
CREATE TABLE public.reconciliation_difference (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(8) NOT NULL,
    entry character varying(8) NOT NULL,
    fact character varying(12),
    number character varying(64) NOT NULL,
    refund_number character varying(64) NOT NULL,
    transaction_id character varying(64),
    our_amount numeric(20,2),
    their_amount numeric(20,2),
    our_fee numeric(20,2),
    their_fee numeric(20,2),
    times integer NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by character varying(120),
    remark character varying(1000),
    payment_id uuid,
    reconciliation_id uuid NOT NULL
);
COMMENT ON TABLE public.reconciliation_difference IS 'One disagreement of a day, until somebody resolves it; those that are open are replaced when the day is compared again.';
COMMENT ON COLUMN public.reconciliation_difference.kind IS 'MISSING: MISSING\nUNKNOWN: UNKNOWN\nALTERED: ALTERED\nDOUBLED: DOUBLED';
COMMENT ON COLUMN public.reconciliation_difference.entry IS 'PAYMENT: PAYMENT\nREFUND: REFUND';
COMMENT ON COLUMN public.reconciliation_difference.fact IS 'AMOUNT: AMOUNT\nSTATE: STATE\nTRANSACTION: TRANSACTION\nFEE: FEE';
CREATE TABLE public.refresh_token (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sha256 character varying(64) NOT NULL,
    used_at timestamp with time zone,
    session_id uuid NOT NULL
);
COMMENT ON TABLE public.refresh_token IS 'A refresh token, good once: using it twice revokes its whole session (RFC 9700 §4.14.2).';
CREATE TABLE public.refund (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    status character varying(8) NOT NULL,
    version integer NOT NULL,
    currency character varying(3) NOT NULL,
    amount numeric(20,2) NOT NULL,
    credit numeric(20,2) NOT NULL,
    paid_on date NOT NULL,
    bank_reference character varying(64) NOT NULL,
    remark character varying(1000),
    missed_reason character varying(1000),
    confirmed_at timestamp with time zone,
    order_id uuid NOT NULL,
    CONSTRAINT refund_amount CHECK (((amount > (0)::numeric) AND ((credit >= (0)::numeric) AND (credit <= amount))))
);
COMMENT ON TABLE public.refund IS 'One transfer from the supplier to the buyer of an order: of what is due back, and of credit the buyer has no use for.';
COMMENT ON COLUMN public.refund.status IS 'SENT: SENT\nRECEIVED: RECEIVED\nMISSED: MISSED';
COMMENT ON COLUMN public.refund.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
CREATE TABLE public.return_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    origin character varying(8) NOT NULL,
    fault character varying(16) NOT NULL,
    remark character varying(1000),
    confirmed numeric(20,6),
    quantity numeric(20,6) NOT NULL,
    finding character varying(1000),
    order_line_id uuid NOT NULL,
    request_id uuid NOT NULL,
    restocked numeric(20,6) NOT NULL,
    CONSTRAINT return_line_confirmed CHECK (((confirmed >= (0)::numeric) AND (confirmed <= quantity))),
    CONSTRAINT return_line_quantity CHECK ((quantity > (0)::numeric)),
    CONSTRAINT return_line_restocked CHECK (((restocked >= (0)::numeric) AND (restocked <= COALESCE(confirmed, (0)::numeric))))
);
COMMENT ON TABLE public.return_line IS 'How much of an order line goes back, and how much of it the supplier found as claimed.';
COMMENT ON COLUMN public.return_line.origin IS 'ACCEPTED: ACCEPTED\nREJECTED: REJECTED';
COMMENT ON COLUMN public.return_line.fault IS 'DAMAGED: DAMAGED\nDEFECTIVE: DEFECTIVE\nWRONG_ITEM: WRONG_ITEM\nOUT_OF_DATE: OUT_OF_DATE\nMISSING: MISSING\nOTHER: OTHER';
CREATE TABLE public.return_request (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    status character varying(16) NOT NULL,
    version integer NOT NULL,
    wanted character varying(8),
    reason character varying(1000) NOT NULL,
    rejection_reason character varying(1000),
    dispute_reason character varying(1000),
    arbitration_note character varying(1000),
    carrier character varying(120),
    waybill character varying(64),
    shipped_back_at timestamp with time zone,
    taken_back_at timestamp with time zone,
    resolution character varying(8),
    resolved_at timestamp with time zone,
    order_id uuid NOT NULL,
    restocked_in_id uuid,
    CONSTRAINT return_request_resolved CHECK ((((status)::text = 'RESOLVED'::text) = (resolution IS NOT NULL)))
);
COMMENT ON TABLE public.return_request IS 'Goods of one order that the buyer wants to give back, or to have exchanged.';
COMMENT ON COLUMN public.return_request.status IS 'REQUESTED: REQUESTED\nAPPROVED: APPROVED\nREJECTED: REJECTED\nDISPUTED: DISPUTED\nSHIPPED_BACK: SHIPPED_BACK\nTAKEN_BACK: TAKEN_BACK\nRESOLVED: RESOLVED\nCANCELLED: CANCELLED';
COMMENT ON COLUMN public.return_request.wanted IS 'REFUND: REFUND\nREPLACE: REPLACE\nCREDIT: CREDIT\nNO_FAULT: NO_FAULT';
COMMENT ON COLUMN public.return_request.resolution IS 'REFUND: REFUND\nREPLACE: REPLACE\nCREDIT: CREDIT\nNO_FAULT: NO_FAULT';
CREATE TABLE public.session (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    member_id uuid NOT NULL
);
COMMENT ON TABLE public.session IS 'One sign-in: the family of refresh tokens that descend from it.';
CREATE TABLE public.settlement (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(32) NOT NULL,
    status character varying(10) NOT NULL,
    version integer NOT NULL,
    base numeric(20,2) NOT NULL,
    commission numeric(20,2) NOT NULL,
    returned numeric(20,2) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    receiver character varying(32),
    attempts integer NOT NULL,
    failure_reason character varying(200),
    settled_at timestamp with time zone,
    order_id uuid NOT NULL,
    supplier_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    split_by timestamp with time zone NOT NULL,
    receiver_name character varying(200),
    CONSTRAINT settlement_amounts CHECK ((((0)::numeric <= returned) AND (returned <= commission) AND (commission <= base)))
);
COMMENT ON TABLE public.settlement IS 'The split of one online payment: due once the goods are accepted and some days are over.';
COMMENT ON COLUMN public.settlement.status IS 'DUE: DUE\nPROCESSING: PROCESSING\nSETTLED: SETTLED\nFAILED: FAILED\nREVERSING: REVERSING\nREVERSED: REVERSED\nLAPSED: LAPSED';
CREATE TABLE public.settlement_return (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(32) NOT NULL,
    status character varying(9) NOT NULL,
    amount numeric(20,2) NOT NULL,
    failure_reason character varying(200),
    done_at timestamp with time zone,
    settlement_id uuid NOT NULL,
    refund_id uuid,
    CONSTRAINT settlement_return_amount CHECK ((amount >= (0)::numeric))
);
COMMENT ON TABLE public.settlement_return IS 'A part of the platform''s share that goes back, because of one refund.';
COMMENT ON COLUMN public.settlement_return.status IS 'REVERSING: REVERSING\nREVERSED: REVERSED\nLAPSED: LAPSED';
CREATE TABLE public.shipment (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(16) NOT NULL,
    status character varying(16) NOT NULL,
    version integer NOT NULL,
    transport_mode character varying(16) NOT NULL,
    carrier character varying(120) NOT NULL,
    waybill character varying(64) NOT NULL,
    despatched_at timestamp with time zone NOT NULL,
    promised_on date,
    eta timestamp with time zone,
    last_sighted_at timestamp with time zone,
    arrived_at timestamp with time zone,
    received_at timestamp with time zone,
    order_id uuid NOT NULL,
    delay character varying(16),
    accept_by timestamp with time zone,
    dispute_reason character varying(1000),
    disputed_at timestamp with time zone,
    warn_at timestamp with time zone,
    despatched_from_id uuid
);
COMMENT ON TABLE public.shipment IS 'Goods of one order on their way under one waybill (UBL DespatchAdvice).';
COMMENT ON COLUMN public.shipment.status IS 'DESPATCHED: DESPATCHED\nIN_TRANSIT: IN_TRANSIT\nEXCEPTION: EXCEPTION\nARRIVED: ARRIVED\nRECEIVED: RECEIVED\nCANCELLED: CANCELLED';
COMMENT ON COLUMN public.shipment.transport_mode IS 'MARITIME: MARITIME\nRAIL: RAIL\nROAD: ROAD\nAIR: AIR\nMAIL: MAIL\nMULTIMODAL: MULTIMODAL\nINLAND_WATER: INLAND_WATER';
CREATE TABLE public.shipment_line (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" integer NOT NULL,
    despatched numeric(20,6) NOT NULL,
    accepted numeric(20,6),
    rejected numeric(20,6),
    short numeric(20,6),
    reason character varying(1000),
    order_line_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    fault character varying(16),
    CONSTRAINT shipment_line_accounted CHECK ((((accepted + rejected) + short) = despatched)),
    CONSTRAINT shipment_line_despatched CHECK ((despatched > (0)::numeric)),
    CONSTRAINT shipment_line_found CHECK (((accepted >= (0)::numeric) AND (rejected >= (0)::numeric) AND (short >= (0)::numeric)))
);
COMMENT ON TABLE public.shipment_line IS 'How much of an order line travels, and how it was found at the place.';
CREATE TABLE public.sign_in_failure (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    address character varying(64) NOT NULL,
    name_sha256 character varying(64) NOT NULL
);
COMMENT ON TABLE public.sign_in_failure IS 'A wrong attempt; too many of them for one name or from one address pause signing in.';
CREATE TABLE public.signature (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    side character varying(8) NOT NULL,
    signatory_name character varying(120) NOT NULL,
    trust_level character varying(24) NOT NULL,
    company_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    member_id uuid NOT NULL,
    certificate bytea NOT NULL,
    certificate_subject character varying(1000) NOT NULL,
    revision integer NOT NULL,
    time_stamp_authority character varying(200) NOT NULL,
    time_stamped_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE public.signature IS 'One side''s signature over the contract''s SHA-256; `statement` is exactly what was signed.';
COMMENT ON COLUMN public.signature.side IS 'BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK';
COMMENT ON COLUMN public.signature.trust_level IS 'PLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA';
CREATE TABLE public.signature_preparation (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    side character varying(8) NOT NULL,
    status character varying(12) NOT NULL,
    revision integer NOT NULL,
    added bytea,
    start integer NOT NULL,
    "end" integer NOT NULL,
    digest bytea NOT NULL,
    to_be_signed bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    certificate_id uuid NOT NULL,
    contract_id uuid NOT NULL,
    member_id uuid NOT NULL
);
COMMENT ON TABLE public.signature_preparation IS 'A file with room for one signature, and what has to be signed; good once, and for some minutes.';
COMMENT ON COLUMN public.signature_preparation.side IS 'BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK';
COMMENT ON COLUMN public.signature_preparation.status IS 'OPEN: OPEN\nCOMPLETED: COMPLETED\nREPLACED: REPLACED';
CREATE TABLE public.signing_certificate (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    certificate bytea NOT NULL,
    chain jsonb NOT NULL,
    sha256 character varying(64) NOT NULL,
    subject character varying(1000) NOT NULL,
    issuer character varying(1000) NOT NULL,
    serial_number character varying(80) NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    trust_level character varying(24) NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by_name character varying(120),
    company_id uuid NOT NULL,
    member_id uuid NOT NULL
);
COMMENT ON TABLE public.signing_certificate IS 'A member''s own X.509 certificate in DER; a trigger refuses any change of it but its revocation.';
COMMENT ON COLUMN public.signing_certificate.trust_level IS 'PLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA';
CREATE TABLE public.sscc (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(18) NOT NULL,
    shipment_id uuid NOT NULL,
    supplier_id uuid NOT NULL
);
COMMENT ON TABLE public.sscc IS 'Which of a supplier''s shipments a number belongs to: for good, unless the shipment is cancelled.';
CREATE TABLE public.sscc_series (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    prefix character varying(12) NOT NULL,
    ordinal bigint NOT NULL,
    supplier_id uuid NOT NULL
);
COMMENT ON TABLE public.sscc_series IS 'How many numbers were made with a company prefix of a supplier''s; its row lock gives none twice.';
CREATE TABLE public.statement_file (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    currency character varying(3) NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    format character varying(4) NOT NULL,
    locale character varying(8) NOT NULL,
    status character varying(9) NOT NULL,
    version integer NOT NULL,
    run integer NOT NULL,
    lines_done integer NOT NULL,
    lines_in_all integer NOT NULL,
    as_of timestamp with time zone,
    stored_key character varying(100),
    size bigint,
    sha256 character varying(64),
    expires_at timestamp with time zone,
    company_id uuid NOT NULL,
    counterparty_id uuid NOT NULL,
    requester_id uuid,
    failure character varying(11),
    CONSTRAINT statement_file_period CHECK ((period_start <= period_end)),
    CONSTRAINT statement_file_progress CHECK (((lines_done >= 0) AND (lines_done <= lines_in_all))),
    CONSTRAINT statement_file_ready CHECK ((((status)::text <> 'READY'::text) OR (num_nulls(as_of, stored_key, size, sha256, expires_at) = 0)))
);
COMMENT ON TABLE public.statement_file IS 'One file that was asked for; its row is the lock under which it goes on, and its content lies in the storage.';
COMMENT ON COLUMN public.statement_file.currency IS 'CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD';
COMMENT ON COLUMN public.statement_file.format IS 'PDF: PDF\nXLSX: XLSX\nCSV: CSV';
COMMENT ON COLUMN public.statement_file.status IS 'QUEUED: QUEUED\nWORKING: WORKING\nREADY: READY\nFAILED: FAILED\nCANCELLED: CANCELLED\nEXPIRED: EXPIRED';
CREATE TABLE public.stock_entry (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    movement character varying(16) NOT NULL,
    on_hand numeric(20,6) NOT NULL,
    reserved numeric(20,6) NOT NULL,
    document_id uuid,
    posting uuid NOT NULL,
    remark character varying(200),
    booked_by character varying(120) NOT NULL,
    order_id uuid,
    order_line_id uuid,
    product_id uuid NOT NULL,
    supplier_id uuid NOT NULL,
    warehouse_id uuid NOT NULL,
    CONSTRAINT stock_entry_amount CHECK (((on_hand <> (0)::numeric) OR (reserved <> (0)::numeric)))
);
COMMENT ON TABLE public.stock_entry IS 'Something that happened to a product in one warehouse; entries are added, never changed.';
COMMENT ON COLUMN public.stock_entry.movement IS 'OPENING: OPENING\nRECEIVED: RECEIVED\nADJUSTED: ADJUSTED\nRESERVED: RESERVED\nRELEASED: RELEASED\nDESPATCHED: DESPATCHED\nPUT_BACK: PUT_BACK\nRETURNED: RETURNED\nTRANSFERRED: TRANSFERRED';
CREATE TABLE public.stock_level (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    on_hand numeric(20,6) NOT NULL,
    reserved numeric(20,6) NOT NULL,
    product_id uuid NOT NULL,
    warehouse_id uuid NOT NULL,
    CONSTRAINT stock_level_amounts CHECK (((on_hand >= (0)::numeric) AND (reserved >= (0)::numeric)))
);
COMMENT ON TABLE public.stock_level IS 'A product in one warehouse: what its entries add up to. The database writes it, from the ledger, and nobody else can.';
CREATE TABLE public.tracking_event (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    event_id character varying(64) NOT NULL,
    code character varying(20) NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    place character varying(200),
    eta timestamp with time zone,
    remark character varying(1000),
    shipment_id uuid NOT NULL,
    latitude numeric(9,6),
    longitude numeric(9,6),
    reported_by character varying(120),
    CONSTRAINT tracking_event_degrees CHECK (((latitude >= ('-90'::integer)::numeric) AND (latitude <= (90)::numeric) AND (longitude >= ('-180'::integer)::numeric) AND (longitude <= (180)::numeric)))
);
COMMENT ON TABLE public.tracking_event IS 'One report on a shipment; kept for good, the same `event_id` once.';
COMMENT ON COLUMN public.tracking_event.code IS 'INFO_RECEIVED: INFO_RECEIVED\nPICKED_UP: PICKED_UP\nIN_TRANSIT: IN_TRANSIT\nCUSTOMS: CUSTOMS\nOUT_FOR_DELIVERY: OUT_FOR_DELIVERY\nREADY_FOR_PICKUP: READY_FOR_PICKUP\nDELIVERED: DELIVERED\nDELIVERY_FAILED: DELIVERY_FAILED\nON_HOLD: ON_HOLD\nRETURNING: RETURNING\nEXCEPTION: EXCEPTION';
CREATE TABLE public.vat_rate (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    country character varying(2) NOT NULL,
    category character varying(2) NOT NULL,
    rate numeric(7,6) NOT NULL,
    name_zh character varying(200) NOT NULL,
    name_en character varying(200) NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    source character varying(500) NOT NULL,
    version integer NOT NULL,
    CONSTRAINT vat_rate_country CHECK (((country)::text ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT vat_rate_period CHECK (((valid_to IS NULL) OR (valid_from <= valid_to))),
    CONSTRAINT vat_rate_share CHECK (((rate >= (0)::numeric) AND (rate < (1)::numeric))),
    CONSTRAINT vat_rate_untaxed CHECK (((rate = (0)::numeric) OR ((category)::text = 'S'::text) OR ((category)::text = 'AA'::text)))
);
COMMENT ON TABLE public.vat_rate IS 'A rate of one category in a country from one day to another; an exclusion constraint keeps the periods of equal ones apart.';
COMMENT ON COLUMN public.vat_rate.category IS 'S: S\nAA: AA\nZ: Z\nE: E\nO: O';
CREATE TABLE public.warehouse (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code character varying(40) NOT NULL,
    name character varying(120) NOT NULL,
    address character varying(300),
    is_default boolean NOT NULL,
    stock_policy character varying(40),
    version integer NOT NULL,
    archived_at timestamp with time zone,
    company_id uuid NOT NULL,
    CONSTRAINT warehouse_default_in_use CHECK (((NOT is_default) OR (archived_at IS NULL)))
);
COMMENT ON TABLE public.warehouse IS 'A place where a supplier keeps goods; other companies, the operator included, never meet it.';
ALTER TABLE ONLY public.event ALTER COLUMN id SET DEFAULT nextval('public.event_id_seq'::regclass);
ALTER TABLE ONLY public.feed_entry ALTER COLUMN id SET DEFAULT nextval('public.feed_entry_id_seq'::regclass);
ALTER TABLE ONLY public.quantity_entry ALTER COLUMN id SET DEFAULT nextval('public.quantity_entry_id_seq'::regclass);
ALTER TABLE ONLY public.address
    ADD CONSTRAINT address_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agreement_call_off
    ADD CONSTRAINT agreement_call_off_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agreement_file
    ADD CONSTRAINT agreement_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agreement_price
    ADD CONSTRAINT agreement_price_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agreement_signature
    ADD CONSTRAINT agreement_signature_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alternative
    ADD CONSTRAINT alternative_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_sha256_key UNIQUE (sha256);
ALTER TABLE ONLY public.approval
    ADD CONSTRAINT approval_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.approval_rule
    ADD CONSTRAINT approval_rule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.approval_vote
    ADD CONSTRAINT approval_vote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT attachment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT attachment_stored_key_key UNIQUE (stored_key);
ALTER TABLE ONLY public.authenticator
    ADD CONSTRAINT authenticator_member_id_key UNIQUE (member_id);
ALTER TABLE ONLY public.authenticator
    ADD CONSTRAINT authenticator_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.billing_paper
    ADD CONSTRAINT billing_paper_credit_note_id_key UNIQUE (credit_note_id);
ALTER TABLE ONLY public.billing_paper
    ADD CONSTRAINT billing_paper_invoice_id_key UNIQUE (invoice_id);
ALTER TABLE ONLY public.billing_paper
    ADD CONSTRAINT billing_paper_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.billing_profile
    ADD CONSTRAINT billing_profile_company_id_key UNIQUE (company_id);
ALTER TABLE ONLY public.billing_profile
    ADD CONSTRAINT billing_profile_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.budget_entry
    ADD CONSTRAINT budget_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.budget
    ADD CONSTRAINT budget_periods_apart EXCLUDE USING gist (public.text_range(((cost_centre_id)::text || (currency)::text), ((cost_centre_id)::text || (currency)::text), '[]'::text) WITH &&, daterange(period_start, period_end, '[]'::text) WITH &&);
ALTER TABLE ONLY public.budget
    ADD CONSTRAINT budget_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.carrier_account
    ADD CONSTRAINT carrier_account_endpoint_key UNIQUE (endpoint);
ALTER TABLE ONLY public.carrier_account
    ADD CONSTRAINT carrier_account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.carrier_push
    ADD CONSTRAINT carrier_push_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.category
    ADD CONSTRAINT category_code_key UNIQUE (code);
ALTER TABLE ONLY public.category
    ADD CONSTRAINT category_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.commission_receiver
    ADD CONSTRAINT commission_receiver_method_key UNIQUE (method);
ALTER TABLE ONLY public.commission_receiver
    ADD CONSTRAINT commission_receiver_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.commission_rule
    ADD CONSTRAINT commission_rule_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.company
    ADD CONSTRAINT company_credit_code_key UNIQUE (credit_code);
ALTER TABLE ONLY public.company
    ADD CONSTRAINT company_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contract_allowance
    ADD CONSTRAINT contract_allowance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contract_file
    ADD CONSTRAINT contract_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contract_line
    ADD CONSTRAINT contract_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_number_key UNIQUE (number);
ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cost_centre
    ADD CONSTRAINT cost_centre_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.counter_offer_line
    ADD CONSTRAINT counter_offer_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.counter_offer
    ADD CONSTRAINT counter_offer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.credit_line
    ADD CONSTRAINT credit_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.credit_note_line
    ADD CONSTRAINT credit_note_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customer_grade
    ADD CONSTRAINT customer_grade_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enquiry_invitation
    ADD CONSTRAINT enquiry_invitation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enquiry_line
    ADD CONSTRAINT enquiry_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enquiry_match
    ADD CONSTRAINT enquiry_match_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_number_key UNIQUE (number);
ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.errand
    ADD CONSTRAINT errand_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.eta_revision
    ADD CONSTRAINT eta_revision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feed_entry
    ADD CONSTRAINT feed_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feed_head
    ADD CONSTRAINT feed_head_pkey PRIMARY KEY (company_id);
ALTER TABLE ONLY public.framework_agreement
    ADD CONSTRAINT framework_agreement_number_key UNIQUE (number);
ALTER TABLE ONLY public.framework_agreement
    ADD CONSTRAINT framework_agreement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.graded_customer
    ADD CONSTRAINT graded_customer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoice_line
    ADD CONSTRAINT invoice_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoice_series
    ADD CONSTRAINT invoice_series_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_sign_in_name_key UNIQUE (sign_in_name);
ALTER TABLE ONLY public.merchant_account
    ADD CONSTRAINT merchant_account_endpoint_key UNIQUE (endpoint);
ALTER TABLE ONLY public.merchant_account
    ADD CONSTRAINT merchant_account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.official_invoice
    ADD CONSTRAINT official_invoice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.online_payment
    ADD CONSTRAINT online_payment_number_key UNIQUE (number);
ALTER TABLE ONLY public.online_payment
    ADD CONSTRAINT online_payment_payment_id_key UNIQUE (payment_id);
ALTER TABLE ONLY public.online_payment
    ADD CONSTRAINT online_payment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.order_line
    ADD CONSTRAINT order_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.order_template_line
    ADD CONSTRAINT order_template_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.order_template
    ADD CONSTRAINT order_template_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.package_line
    ADD CONSTRAINT package_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.package
    ADD CONSTRAINT package_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_allocation
    ADD CONSTRAINT payment_allocation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_notice
    ADD CONSTRAINT payment_notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_number_key UNIQUE (number);
ALTER TABLE ONLY public.payment_obligation
    ADD CONSTRAINT payment_obligation_of_invoice UNIQUE (invoice_id);
ALTER TABLE ONLY public.payment_obligation
    ADD CONSTRAINT payment_obligation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_refund
    ADD CONSTRAINT payment_refund_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_reminder
    ADD CONSTRAINT payment_reminder_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.price_list_item
    ADD CONSTRAINT price_list_item_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.price_list
    ADD CONSTRAINT price_list_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promotion
    ADD CONSTRAINT promotion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promotion_product
    ADD CONSTRAINT promotion_product_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.promotion_use
    ADD CONSTRAINT promotion_use_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.purchase_order
    ADD CONSTRAINT purchase_order_number_key UNIQUE (number);
ALTER TABLE ONLY public.purchase_order
    ADD CONSTRAINT purchase_order_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.quantity_entry
    ADD CONSTRAINT quantity_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.quotation_allowance
    ADD CONSTRAINT quotation_allowance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.quotation_line
    ADD CONSTRAINT quotation_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.quotation
    ADD CONSTRAINT quotation_number_key UNIQUE (number);
ALTER TABLE ONLY public.quotation
    ADD CONSTRAINT quotation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.read_mark
    ADD CONSTRAINT read_mark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.read_state
    ADD CONSTRAINT read_state_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reconciliation_difference
    ADD CONSTRAINT reconciliation_difference_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reconciliation
    ADD CONSTRAINT reconciliation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.refresh_token
    ADD CONSTRAINT refresh_token_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.refresh_token
    ADD CONSTRAINT refresh_token_sha256_key UNIQUE (sha256);
ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_number_key UNIQUE (number);
ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.return_line
    ADD CONSTRAINT return_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.return_request
    ADD CONSTRAINT return_request_number_key UNIQUE (number);
ALTER TABLE ONLY public.return_request
    ADD CONSTRAINT return_request_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.settlement
    ADD CONSTRAINT settlement_number_key UNIQUE (number);
ALTER TABLE ONLY public.settlement
    ADD CONSTRAINT settlement_payment_id_key UNIQUE (payment_id);
ALTER TABLE ONLY public.settlement
    ADD CONSTRAINT settlement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.settlement_return
    ADD CONSTRAINT settlement_return_number_key UNIQUE (number);
ALTER TABLE ONLY public.settlement_return
    ADD CONSTRAINT settlement_return_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.settlement_return
    ADD CONSTRAINT settlement_return_refund_id_key UNIQUE (refund_id);
ALTER TABLE ONLY public.shipment_line
    ADD CONSTRAINT shipment_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.shipment
    ADD CONSTRAINT shipment_number_key UNIQUE (number);
ALTER TABLE ONLY public.shipment
    ADD CONSTRAINT shipment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_in_failure
    ADD CONSTRAINT sign_in_failure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.signature_preparation
    ADD CONSTRAINT signature_preparation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.signing_certificate
    ADD CONSTRAINT signing_certificate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sscc
    ADD CONSTRAINT sscc_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sscc_series
    ADD CONSTRAINT sscc_series_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.statement_file
    ADD CONSTRAINT statement_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.statement_file
    ADD CONSTRAINT statement_file_stored_key_key UNIQUE (stored_key);
ALTER TABLE ONLY public.stock_entry
    ADD CONSTRAINT stock_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.stock_level
    ADD CONSTRAINT stock_level_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tracking_event
    ADD CONSTRAINT tracking_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agreement_file
    ADD CONSTRAINT uid_agreement_f_agreeme_ef10e5 UNIQUE (agreement_id, revision);
ALTER TABLE ONLY public.agreement_price
    ADD CONSTRAINT uid_agreement_p_agreeme_072d94 UNIQUE (agreement_id, product_id, minimum_quantity);
ALTER TABLE ONLY public.agreement_signature
    ADD CONSTRAINT uid_agreement_s_agreeme_220734 UNIQUE (agreement_id, side);
ALTER TABLE ONLY public.alternative
    ADD CONSTRAINT uid_alternative_quotati_2f64eb UNIQUE (quotation_line_id, "position");
ALTER TABLE ONLY public.approval_vote
    ADD CONSTRAINT uid_approval_vo_approva_d7f53e UNIQUE (approval_id, tier, seat_id);
ALTER TABLE ONLY public.budget_entry
    ADD CONSTRAINT uid_budget_entr_budget__e19678 UNIQUE (budget_id, seq);
ALTER TABLE ONLY public.carrier_account
    ADD CONSTRAINT uid_carrier_acc_company_7cb599 UNIQUE (company_id, provider);
ALTER TABLE ONLY public.carrier_push
    ADD CONSTRAINT uid_carrier_pus_account_90b815 UNIQUE (account_id, event_id);
ALTER TABLE ONLY public.contract_allowance
    ADD CONSTRAINT uid_contract_al_contrac_7833b4 UNIQUE (contract_id, "position");
ALTER TABLE ONLY public.contract_file
    ADD CONSTRAINT uid_contract_fi_contrac_fe9390 UNIQUE (contract_id, revision);
ALTER TABLE ONLY public.contract_line
    ADD CONSTRAINT uid_contract_li_contrac_107584 UNIQUE (contract_id, order_line_id);
ALTER TABLE ONLY public.contract
    ADD CONSTRAINT uid_contract_order_i_965465 UNIQUE (order_id, version);
ALTER TABLE ONLY public.cost_centre
    ADD CONSTRAINT uid_cost_centre_company_b72077 UNIQUE (company_id, code);
ALTER TABLE ONLY public.counter_offer_line
    ADD CONSTRAINT uid_counter_off_counter_00b038 UNIQUE (counter_offer_id, order_line_id);
ALTER TABLE ONLY public.credit_line
    ADD CONSTRAINT uid_credit_line_supplie_7de684 UNIQUE (supplier_id, buyer_id, currency);
ALTER TABLE ONLY public.credit_note_line
    ADD CONSTRAINT uid_credit_note_credit__253d48 UNIQUE (credit_note_id, "position");
ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT uid_credit_note_supplie_261cb6 UNIQUE (supplier_id, number);
ALTER TABLE ONLY public.customer_grade
    ADD CONSTRAINT uid_customer_gr_supplie_f0e704 UNIQUE (supplier_id, name);
ALTER TABLE ONLY public.enquiry_invitation
    ADD CONSTRAINT uid_enquiry_inv_enquiry_2a9f72 UNIQUE (enquiry_id, "position");
ALTER TABLE ONLY public.enquiry_invitation
    ADD CONSTRAINT uid_enquiry_inv_enquiry_6a003a UNIQUE (enquiry_id, supplier_id);
ALTER TABLE ONLY public.enquiry_line
    ADD CONSTRAINT uid_enquiry_lin_enquiry_19cf54 UNIQUE (enquiry_id, "position");
ALTER TABLE ONLY public.enquiry_match
    ADD CONSTRAINT uid_enquiry_mat_invitat_226fc3 UNIQUE (invitation_id, line_id);
ALTER TABLE ONLY public.errand
    ADD CONSTRAINT uid_errand_kind_ea41b0 UNIQUE (kind, subject_id);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT uid_event_shipmen_2cef82 UNIQUE (shipment_id, shipment_seq);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT uid_event_stream_b6ce95 UNIQUE (stream, seq);
ALTER TABLE ONLY public.feed_entry
    ADD CONSTRAINT uid_feed_entry_company_011844 UNIQUE (company_id, "position");
ALTER TABLE ONLY public.feed_entry
    ADD CONSTRAINT uid_feed_entry_company_6d9bdc UNIQUE (company_id, event_id);
ALTER TABLE ONLY public.graded_customer
    ADD CONSTRAINT uid_graded_cust_supplie_075223 UNIQUE (supplier_id, customer_id);
ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT uid_idempotency_caller_879275 UNIQUE (caller, key);
ALTER TABLE ONLY public.invoice_line
    ADD CONSTRAINT uid_invoice_lin_invoice_284bd5 UNIQUE (invoice_id, "position");
ALTER TABLE ONLY public.invoice_series
    ADD CONSTRAINT uid_invoice_ser_supplie_471878 UNIQUE (supplier_id, year, document);
ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT uid_invoice_supplie_71c72e UNIQUE (supplier_id, number);
ALTER TABLE ONLY public.merchant_account
    ADD CONSTRAINT uid_merchant_ac_company_357dc5 UNIQUE (company_id, method, app_id, payee, is_sandbox);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT uid_message_order_i_ab811c UNIQUE (order_id, seq);
ALTER TABLE ONLY public.online_payment
    ADD CONSTRAINT uid_online_paym_method_3d7bc5 UNIQUE (method, transaction_id);
ALTER TABLE ONLY public.order_line
    ADD CONSTRAINT uid_order_line_order_i_5f79a1 UNIQUE (order_id, "position");
ALTER TABLE ONLY public.order_template_line
    ADD CONSTRAINT uid_order_templ_templat_f4b3f4 UNIQUE (template_id, "position");
ALTER TABLE ONLY public.package_line
    ADD CONSTRAINT uid_package_lin_package_a5380e UNIQUE (package_id, shipment_line_id);
ALTER TABLE ONLY public.package
    ADD CONSTRAINT uid_package_shipmen_03d95d UNIQUE (shipment_id, "position");
ALTER TABLE ONLY public.payment_allocation
    ADD CONSTRAINT uid_payment_all_payment_c62449 UNIQUE (payment_id, invoice_id);
ALTER TABLE ONLY public.payment_notice
    ADD CONSTRAINT uid_payment_not_account_499a08 UNIQUE (account_id, event_id);
ALTER TABLE ONLY public.payment_refund
    ADD CONSTRAINT uid_payment_ref_payment_245697 UNIQUE (payment_id, number);
ALTER TABLE ONLY public.payment_reminder
    ADD CONSTRAINT uid_payment_rem_obligat_197d42 UNIQUE (obligation_id, due_on, is_overdue);
ALTER TABLE ONLY public.price_list_item
    ADD CONSTRAINT uid_price_list__price_l_a1bf40 UNIQUE (price_list_id, product_id, minimum_quantity);
ALTER TABLE ONLY public.product
    ADD CONSTRAINT uid_product_supplie_99664f UNIQUE (supplier_id, sku);
ALTER TABLE ONLY public.promotion_product
    ADD CONSTRAINT uid_promotion_p_promoti_6a797e UNIQUE (promotion_id, product_id);
ALTER TABLE ONLY public.promotion_use
    ADD CONSTRAINT uid_promotion_u_promoti_3414e4 UNIQUE (promotion_id, order_id);
ALTER TABLE ONLY public.quotation_allowance
    ADD CONSTRAINT uid_quotation_a_quotati_560a02 UNIQUE (quotation_id, "position");
ALTER TABLE ONLY public.quotation_line
    ADD CONSTRAINT uid_quotation_l_quotati_32f22a UNIQUE (quotation_id, order_line_id);
ALTER TABLE ONLY public.quotation
    ADD CONSTRAINT uid_quotation_order_i_721479 UNIQUE (order_id, revision);
ALTER TABLE ONLY public.read_mark
    ADD CONSTRAINT uid_read_mark_order_i_feacfc UNIQUE (order_id, member_id);
ALTER TABLE ONLY public.read_state
    ADD CONSTRAINT uid_read_state_order_i_906819 UNIQUE (order_id, company_id);
ALTER TABLE ONLY public.reconciliation
    ADD CONSTRAINT uid_reconciliat_account_75a9b7 UNIQUE (account_id, day);
ALTER TABLE ONLY public.return_line
    ADD CONSTRAINT uid_return_line_request_4135d0 UNIQUE (request_id, order_line_id, origin);
ALTER TABLE ONLY public.shipment_line
    ADD CONSTRAINT uid_shipment_li_shipmen_a96c8d UNIQUE (shipment_id, order_line_id);
ALTER TABLE ONLY public.signature
    ADD CONSTRAINT uid_signature_contrac_a21ce7 UNIQUE (contract_id, side);
ALTER TABLE ONLY public.signing_certificate
    ADD CONSTRAINT uid_signing_cer_member__a6e645 UNIQUE (member_id, sha256);
ALTER TABLE ONLY public.sscc_series
    ADD CONSTRAINT uid_sscc_series_supplie_9751af UNIQUE (supplier_id, prefix);
ALTER TABLE ONLY public.sscc
    ADD CONSTRAINT uid_sscc_supplie_527d1a UNIQUE (supplier_id, number);
ALTER TABLE ONLY public.stock_level
    ADD CONSTRAINT uid_stock_level_product_48cc1e UNIQUE (product_id, warehouse_id);
ALTER TABLE ONLY public.tracking_event
    ADD CONSTRAINT uid_tracking_ev_shipmen_ed71c1 UNIQUE (shipment_id, event_id);
ALTER TABLE ONLY public.warehouse
    ADD CONSTRAINT uid_warehouse_company_02ed12 UNIQUE (company_id, code);
ALTER TABLE ONLY public.vat_rate
    ADD CONSTRAINT vat_rate_periods_apart EXCLUDE USING gist (public.text_range((((country)::text || (category)::text) || (rate)::text), (((country)::text || (category)::text) || (rate)::text), '[]'::text) WITH &&, daterange(valid_from, valid_to, '[]'::text) WITH &&);
ALTER TABLE ONLY public.vat_rate
    ADD CONSTRAINT vat_rate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.warehouse
    ADD CONSTRAINT warehouse_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX address_one_default ON public.address USING btree (company_id) WHERE (is_default AND (removed_at IS NULL));
CREATE UNIQUE INDEX approval_one_pending ON public.approval USING btree (order_id) WHERE ((status)::text = 'PENDING'::text);
CREATE UNIQUE INDEX approval_rule_one_threshold ON public.approval_rule USING btree (company_id) WHERE is_threshold;
CREATE UNIQUE INDEX company_one_platform ON public.company USING btree (kind) WHERE ((kind)::text = 'PLATFORM'::text);
CREATE UNIQUE INDEX contract_one_in_force ON public.contract USING btree (order_id) WHERE (((status)::text = 'EFFECTIVE'::text) OR ((status)::text = 'FULFILLED'::text));
CREATE UNIQUE INDEX contract_one_open ON public.contract USING btree (order_id) WHERE (((status)::text = 'DRAFT'::text) OR ((status)::text = 'PARTIALLY_SIGNED'::text));
CREATE UNIQUE INDEX credit_line_one_default ON public.credit_line USING btree (supplier_id, currency) WHERE (buyer_id IS NULL);
CREATE UNIQUE INDEX enquiry_match_once ON public.enquiry_match USING btree (order_line_id) WHERE (order_line_id IS NOT NULL);
CREATE UNIQUE INDEX enquiry_sibling_once ON public.enquiry_invitation USING btree (order_id) WHERE (order_id IS NOT NULL);
CREATE INDEX event_unannounced ON public.event USING btree (id) WHERE (announced = false);
CREATE INDEX idx_address_company_137aaa ON public.address USING btree (company_id, id);
CREATE INDEX idx_address_company_aa1a5c ON public.address USING btree (company_id);
CREATE INDEX idx_agreement_c_agreeme_ab97b7 ON public.agreement_call_off USING btree (agreement_id);
CREATE INDEX idx_agreement_c_order_i_cd323f ON public.agreement_call_off USING btree (order_id);
CREATE INDEX idx_agreement_f_agreeme_7aa771 ON public.agreement_file USING btree (agreement_id);
CREATE INDEX idx_agreement_p_agreeme_966d74 ON public.agreement_price USING btree (agreement_id);
CREATE INDEX idx_agreement_p_product_508e8b ON public.agreement_price USING btree (product_id);
CREATE INDEX idx_agreement_s_agreeme_b83142 ON public.agreement_signature USING btree (agreement_id);
CREATE INDEX idx_agreement_s_company_272473 ON public.agreement_signature USING btree (company_id);
CREATE INDEX idx_agreement_s_member__e4d83b ON public.agreement_signature USING btree (member_id);
CREATE INDEX idx_alternative_product_217291 ON public.alternative USING btree (product_id);
CREATE INDEX idx_alternative_quotati_b0dde5 ON public.alternative USING btree (quotation_line_id);
CREATE INDEX idx_api_key_company_3e9278 ON public.api_key USING btree (company_id);
CREATE INDEX idx_api_key_created_b7a2e4 ON public.api_key USING btree (created_by_id);
CREATE INDEX idx_approval_company_569795 ON public.approval USING btree (company_id);
CREATE INDEX idx_approval_company_bcad26 ON public.approval USING btree (company_id, status, id);
CREATE INDEX idx_approval_decided_facbfc ON public.approval USING btree (decided_by_id);
CREATE INDEX idx_approval_order_i_44a338 ON public.approval USING btree (order_id);
CREATE INDEX idx_approval_quotati_499444 ON public.approval USING btree (quotation_id);
CREATE INDEX idx_approval_request_4b2da3 ON public.approval USING btree (requested_by_id);
CREATE INDEX idx_approval_ru_company_047cc1 ON public.approval_rule USING btree (company_id);
CREATE INDEX idx_approval_ru_company_88a9b4 ON public.approval_rule USING btree (company_id, "position", id);
CREATE INDEX idx_approval_status_19419b ON public.approval USING btree (status, review_at);
CREATE INDEX idx_approval_vo_approva_d22323 ON public.approval_vote USING btree (approval_id);
CREATE INDEX idx_approval_vo_seat_id_ab9836 ON public.approval_vote USING btree (seat_id);
CREATE INDEX idx_approval_vo_voter_i_9bdaaf ON public.approval_vote USING btree (voter_id);
CREATE INDEX idx_attachment_company_fc15b5 ON public.attachment USING btree (company_id);
CREATE INDEX idx_attachment_loose_s_cbc1fd ON public.attachment USING btree (loose_since, id);
CREATE INDEX idx_attachment_message_3d2f98 ON public.attachment USING btree (message_id);
CREATE INDEX idx_attachment_order_i_39919e ON public.attachment USING btree (order_id);
CREATE INDEX idx_attachment_order_l_5cdfec ON public.attachment USING btree (order_line_id);
CREATE INDEX idx_attachment_shipmen_0f3aa3 ON public.attachment USING btree (shipment_id);
CREATE INDEX idx_attachment_uploade_2682a1 ON public.attachment USING btree (uploader_id);
CREATE INDEX idx_budget_company_008301 ON public.budget USING btree (company_id);
CREATE INDEX idx_budget_cost_ce_1111f4 ON public.budget USING btree (cost_centre_id);
CREATE INDEX idx_budget_cost_ce_fd0a64 ON public.budget USING btree (cost_centre_id, currency, period_start);
CREATE INDEX idx_budget_entr_budget__ca2209 ON public.budget_entry USING btree (budget_id);
CREATE INDEX idx_budget_entr_order_i_a4eeee ON public.budget_entry USING btree (order_id);
CREATE INDEX idx_carrier_acc_company_ef947d ON public.carrier_account USING btree (company_id);
CREATE INDEX idx_carrier_pus_account_227bc6 ON public.carrier_push USING btree (account_id);
CREATE INDEX idx_carrier_pus_company_63af8e ON public.carrier_push USING btree (company_id);
CREATE INDEX idx_carrier_pus_status_f265fc ON public.carrier_push USING btree (status, id);
CREATE INDEX idx_category_parent__1130d6 ON public.category USING btree (parent_id);
CREATE INDEX idx_commission__categor_b20e2c ON public.commission_rule USING btree (category_id);
CREATE INDEX idx_commission__supplie_2bc7b5 ON public.commission_rule USING btree (supplier_id);
CREATE INDEX idx_contract_agreeme_21479a ON public.contract USING btree (agreement_id);
CREATE INDEX idx_contract_al_contrac_28b182 ON public.contract_allowance USING btree (contract_id);
CREATE INDEX idx_contract_fi_contrac_c3dae1 ON public.contract_file USING btree (contract_id);
CREATE INDEX idx_contract_li_contrac_48cf48 ON public.contract_line USING btree (contract_id);
CREATE INDEX idx_contract_li_order_l_23fd98 ON public.contract_line USING btree (order_line_id);
CREATE INDEX idx_contract_line_product ON public.contract_line USING btree (product_id);
CREATE INDEX idx_contract_order_i_58b441 ON public.contract USING btree (order_id);
CREATE INDEX idx_contract_quotati_a1956d ON public.contract USING btree (quotation_id);
CREATE INDEX idx_contract_status_249c16 ON public.contract USING btree (status, sign_by);
CREATE INDEX idx_contract_superse_46f551 ON public.contract USING btree (supersedes_id);
CREATE INDEX idx_cost_centre_company_2315dd ON public.cost_centre USING btree (company_id);
CREATE INDEX idx_counter_off_counter_46d5ee ON public.counter_offer_line USING btree (counter_offer_id);
CREATE INDEX idx_counter_off_order_i_7380ad ON public.counter_offer USING btree (order_id);
CREATE INDEX idx_counter_off_order_l_33dbc9 ON public.counter_offer_line USING btree (order_line_id);
CREATE INDEX idx_counter_off_quotati_94bdc5 ON public.counter_offer USING btree (quotation_id);
CREATE INDEX idx_credit_entr_line_id_0b0e65 ON public.credit_entry USING btree (line_id, id);
CREATE INDEX idx_credit_entr_order_i_44fd8a ON public.credit_entry USING btree (order_id);
CREATE INDEX idx_credit_line_buyer_i_03cc73 ON public.credit_line USING btree (buyer_id, id);
CREATE INDEX idx_credit_line_supplie_d262fd ON public.credit_line USING btree (supplier_id, id);
CREATE INDEX idx_credit_note_credit__0d56b8 ON public.credit_note_line USING btree (credit_note_id);
CREATE INDEX idx_credit_note_invoice_3188c4 ON public.credit_note_line USING btree (invoice_line_id);
CREATE INDEX idx_credit_note_invoice_9f11f2 ON public.credit_note USING btree (invoice_id);
CREATE INDEX idx_credit_note_order_i_77d965 ON public.credit_note USING btree (order_id);
CREATE INDEX idx_credit_note_return__9441e8 ON public.credit_note USING btree (return_request_id);
CREATE INDEX idx_customer_gr_supplie_ee50cb ON public.customer_grade USING btree (supplier_id);
CREATE INDEX idx_delegation_company_ce7f1c ON public.delegation USING btree (company_id);
CREATE INDEX idx_delegation_giver_i_e28033 ON public.delegation USING btree (giver_id);
CREATE INDEX idx_delegation_taker_i_3a3d6e ON public.delegation USING btree (taker_id);
CREATE INDEX idx_enquiry_buyer_i_0f1034 ON public.enquiry USING btree (buyer_id);
CREATE INDEX idx_enquiry_buyer_i_5b7da3 ON public.enquiry USING btree (buyer_id, id);
CREATE INDEX idx_enquiry_buyer_i_c069dc ON public.enquiry USING btree (buyer_id, status, id);
CREATE INDEX idx_enquiry_cost_ce_703b72 ON public.enquiry USING btree (cost_centre_id);
CREATE INDEX idx_enquiry_inv_enquiry_d2c951 ON public.enquiry_invitation USING btree (enquiry_id);
CREATE INDEX idx_enquiry_inv_order_i_0d2afc ON public.enquiry_invitation USING btree (order_id);
CREATE INDEX idx_enquiry_inv_supplie_5a92f8 ON public.enquiry_invitation USING btree (supplier_id);
CREATE INDEX idx_enquiry_lin_enquiry_c3322a ON public.enquiry_line USING btree (enquiry_id);
CREATE INDEX idx_enquiry_lin_product_11480c ON public.enquiry_line USING btree (product_id);
CREATE INDEX idx_enquiry_mat_invitat_3f357d ON public.enquiry_match USING btree (invitation_id);
CREATE INDEX idx_enquiry_mat_line_id_93f4eb ON public.enquiry_match USING btree (line_id);
CREATE INDEX idx_enquiry_mat_order_l_14eb0a ON public.enquiry_match USING btree (order_line_id);
CREATE INDEX idx_enquiry_mat_product_773f4d ON public.enquiry_match USING btree (product_id);
CREATE INDEX idx_enquiry_request_0648bb ON public.enquiry USING btree (requester_id);
CREATE INDEX idx_enquiry_status_29eaf5 ON public.enquiry USING btree (status, answer_by);
CREATE INDEX idx_errand_done_at_fa13fb ON public.errand USING btree (done_at, due_at);
CREATE INDEX idx_eta_revisio_shipmen_fa5c40 ON public.eta_revision USING btree (shipment_id);
CREATE INDEX idx_feed_entry_event_i_b330fb ON public.feed_entry USING btree (event_id);
CREATE INDEX idx_framework_a_buyer_i_5fcbd2 ON public.framework_agreement USING btree (buyer_id, supplier_id, status);
CREATE INDEX idx_framework_a_buyer_i_9457a0 ON public.framework_agreement USING btree (buyer_id);
CREATE INDEX idx_framework_a_status_a4c653 ON public.framework_agreement USING btree (status, valid_to);
CREATE INDEX idx_framework_a_supplie_bb974c ON public.framework_agreement USING btree (supplier_id);
CREATE INDEX idx_graded_cust_custome_c7e10f ON public.graded_customer USING btree (customer_id);
CREATE INDEX idx_graded_cust_grade_i_ab8f6a ON public.graded_customer USING btree (grade_id, id);
CREATE INDEX idx_idempotency_created_98dcfd ON public.idempotency_key USING btree (created_at);
CREATE INDEX idx_invoice_lin_invoice_8b9e5c ON public.invoice_line USING btree (invoice_id);
CREATE INDEX idx_invoice_lin_order_l_fce854 ON public.invoice_line USING btree (order_line_id);
CREATE INDEX idx_invoice_order_i_6a812d ON public.invoice USING btree (order_id);
CREATE INDEX idx_invoice_ser_supplie_ae7cfb ON public.invoice_series USING btree (supplier_id);
CREATE INDEX idx_invoice_status_169cd1 ON public.invoice USING btree (status, id);
CREATE INDEX idx_invoice_supplie_5d4d94 ON public.invoice USING btree (supplier_id);
CREATE INDEX idx_ledger_entr_company_2e8aa9 ON public.ledger_entry USING btree (company_id, id);
CREATE INDEX idx_ledger_entr_company_84be17 ON public.ledger_entry USING btree (company_id, counterparty_id, created_at, id);
CREATE INDEX idx_ledger_entr_counter_eab892 ON public.ledger_entry USING btree (counterparty_id, company_id, account);
CREATE INDEX idx_ledger_entr_documen_453242 ON public.ledger_entry USING btree (document_id);
CREATE INDEX idx_ledger_entr_invoice_696acd ON public.ledger_entry USING btree (invoice_id);
CREATE INDEX idx_ledger_entr_order_i_d95c19 ON public.ledger_entry USING btree (order_id);
CREATE INDEX idx_ledger_entr_posting_a90190 ON public.ledger_entry USING btree (posting);
CREATE INDEX idx_member_company_6be052 ON public.member USING btree (company_id);
CREATE INDEX idx_merchant_ac_company_253802 ON public.merchant_account USING btree (company_id);
CREATE INDEX idx_message_company_f9c777 ON public.message USING btree (company_id);
CREATE INDEX idx_message_order_i_3f427e ON public.message USING btree (order_id);
CREATE INDEX idx_official_in_attachm_c57022 ON public.official_invoice USING btree (attachment_id);
CREATE INDEX idx_official_in_credit__517abc ON public.official_invoice USING btree (credit_note_id);
CREATE INDEX idx_official_in_invoice_cd9372 ON public.official_invoice USING btree (invoice_id);
CREATE INDEX idx_official_in_order_i_389772 ON public.official_invoice USING btree (order_id);
CREATE INDEX idx_official_in_replace_dd56c2 ON public.official_invoice USING btree (replaces_id);
CREATE INDEX idx_official_in_supplie_cd1285 ON public.official_invoice USING btree (supplier_id);
CREATE INDEX idx_online_paym_account_2c56e7 ON public.online_payment USING btree (account_id, paid_at);
CREATE INDEX idx_online_paym_account_7a50cc ON public.online_payment USING btree (account_id);
CREATE INDEX idx_online_paym_confirm_e7347a ON public.online_payment USING btree (confirm_at);
CREATE INDEX idx_online_paym_created_a30ca5 ON public.online_payment USING btree (created_at);
CREATE INDEX idx_order_line_deliver_9f5f2a ON public.order_line USING btree (delivery_entry_id);
CREATE INDEX idx_order_line_order_i_b67cd5 ON public.order_line USING btree (order_id);
CREATE INDEX idx_order_line_product_c61e07 ON public.order_line USING btree (product_id);
CREATE INDEX idx_order_templ_company_5d4eea ON public.order_template USING btree (company_id);
CREATE INDEX idx_order_templ_company_e98075 ON public.order_template USING btree (company_id, id);
CREATE INDEX idx_order_templ_deliver_e10190 ON public.order_template_line USING btree (delivery_entry_id);
CREATE INDEX idx_order_templ_product_1f0eaa ON public.order_template_line USING btree (product_id);
CREATE INDEX idx_order_templ_supplie_3116fe ON public.order_template USING btree (supplier_id);
CREATE INDEX idx_order_templ_templat_58ccf0 ON public.order_template_line USING btree (template_id);
CREATE INDEX idx_package_lin_package_3b6f06 ON public.package_line USING btree (package_id);
CREATE INDEX idx_package_lin_shipmen_b7c8a7 ON public.package_line USING btree (shipment_line_id);
CREATE INDEX idx_package_shipmen_5cd396 ON public.package USING btree (shipment_id);
CREATE INDEX idx_payment_all_invoice_1959a3 ON public.payment_allocation USING btree (invoice_id);
CREATE INDEX idx_payment_all_payment_584858 ON public.payment_allocation USING btree (payment_id);
CREATE INDEX idx_payment_not_account_7f7de8 ON public.payment_notice USING btree (account_id);
CREATE INDEX idx_payment_not_company_9cf1f5 ON public.payment_notice USING btree (company_id);
CREATE INDEX idx_payment_not_status_1e5854 ON public.payment_notice USING btree (status, id);
CREATE INDEX idx_payment_obl_look_on_f29b48 ON public.payment_obligation USING btree (look_on);
CREATE INDEX idx_payment_obl_order_i_2553f3 ON public.payment_obligation USING btree (order_id);
CREATE INDEX idx_payment_order_i_6caf54 ON public.payment USING btree (order_id);
CREATE INDEX idx_payment_proof_i_d80836 ON public.payment USING btree (proof_id);
CREATE INDEX idx_payment_ref_done_at_4a3df0 ON public.payment_refund USING btree (done_at);
CREATE INDEX idx_payment_ref_order_i_37cfe2 ON public.payment_refund USING btree (order_id);
CREATE INDEX idx_payment_ref_payment_388303 ON public.payment_refund USING btree (payment_id);
CREATE INDEX idx_payment_ref_status_c7849a ON public.payment_refund USING btree (status, id);
CREATE INDEX idx_payment_rem_obligat_f12542 ON public.payment_reminder USING btree (obligation_id);
CREATE INDEX idx_payment_status_b33af4 ON public.payment USING btree (status, id);
CREATE INDEX idx_price_list__product_fc2165 ON public.price_list_item USING btree (product_id);
CREATE INDEX idx_price_list_custome_2ed933 ON public.price_list USING btree (customer_id);
CREATE INDEX idx_price_list_grade_i_c67d4e ON public.price_list USING btree (grade_id);
CREATE INDEX idx_price_list_supplie_a9939d ON public.price_list USING btree (supplier_id, id);
CREATE INDEX idx_product_categor_2b519b ON public.product USING btree (category_id);
CREATE INDEX idx_product_list_pr_85a14c ON public.product USING btree (list_price, id);
CREATE INDEX idx_product_name_zh_1827b5 ON public.product USING btree (name_zh, id);
CREATE INDEX idx_product_supplie_04cf06 ON public.product USING btree (supplier_id);
CREATE INDEX idx_promotion_custome_241ff6 ON public.promotion USING btree (customer_id);
CREATE INDEX idx_promotion_grade_i_d94c0d ON public.promotion USING btree (grade_id);
CREATE INDEX idx_promotion_p_product_397052 ON public.promotion_product USING btree (product_id);
CREATE INDEX idx_promotion_supplie_02eaa7 ON public.promotion USING btree (supplier_id, id);
CREATE INDEX idx_promotion_u_custome_2b7f64 ON public.promotion_use USING btree (customer_id, promotion_id);
CREATE INDEX idx_promotion_u_order_i_1067a4 ON public.promotion_use USING btree (order_id);
CREATE INDEX idx_purchase_or_buyer_i_39028a ON public.purchase_order USING btree (buyer_id, id);
CREATE INDEX idx_purchase_or_buyer_i_9d4433 ON public.purchase_order USING btree (buyer_id);
CREATE INDEX idx_purchase_or_buyer_i_cf8293 ON public.purchase_order USING btree (buyer_id, status, id);
CREATE INDEX idx_purchase_or_cost_ce_d9e2bd ON public.purchase_order USING btree (cost_centre_id);
CREATE INDEX idx_purchase_or_request_b85786 ON public.purchase_order USING btree (requester_id);
CREATE INDEX idx_purchase_or_supplie_446568 ON public.purchase_order USING btree (supplier_id, status, id);
CREATE INDEX idx_purchase_or_supplie_a480be ON public.purchase_order USING btree (supplier_id, id);
CREATE INDEX idx_purchase_or_supplie_b63e48 ON public.purchase_order USING btree (supplier_id);
CREATE INDEX idx_quantity_en_order_l_6bc4b4 ON public.quantity_entry USING btree (order_line_id);
CREATE INDEX idx_quotation_a_quotati_8fd433 ON public.quotation_allowance USING btree (quotation_id);
CREATE INDEX idx_quotation_l_order_l_c0c3d6 ON public.quotation_line USING btree (order_line_id);
CREATE INDEX idx_quotation_l_quotati_3ea518 ON public.quotation_line USING btree (quotation_id);
CREATE INDEX idx_quotation_order_i_36e665 ON public.quotation USING btree (order_id);
CREATE INDEX idx_quotation_status_7db547 ON public.quotation USING btree (status, valid_until);
CREATE INDEX idx_read_mark_member__0f0b60 ON public.read_mark USING btree (member_id);
CREATE INDEX idx_read_mark_order_i_828307 ON public.read_mark USING btree (order_id);
CREATE INDEX idx_read_state_company_df6b48 ON public.read_state USING btree (company_id);
CREATE INDEX idx_read_state_message_f465a3 ON public.read_state USING btree (message_id);
CREATE INDEX idx_read_state_order_i_9a8a7f ON public.read_state USING btree (order_id);
CREATE INDEX idx_reconciliat_company_38f52b ON public.reconciliation USING btree (company_id, day, id);
CREATE INDEX idx_reconciliat_company_c1f329 ON public.reconciliation USING btree (company_id);
CREATE INDEX idx_reconciliat_day_7063d3 ON public.reconciliation USING btree (day, id);
CREATE INDEX idx_reconciliat_payment_65e0d3 ON public.reconciliation_difference USING btree (payment_id);
CREATE INDEX idx_reconciliat_reconci_1de8ce ON public.reconciliation_difference USING btree (reconciliation_id);
CREATE INDEX idx_refresh_tok_session_e0eedc ON public.refresh_token USING btree (session_id);
CREATE INDEX idx_refund_order_i_ab8f81 ON public.refund USING btree (order_id);
CREATE INDEX idx_refund_status_209f0f ON public.refund USING btree (status, id);
CREATE INDEX idx_return_line_order_l_26669b ON public.return_line USING btree (order_line_id);
CREATE INDEX idx_return_line_request_432e03 ON public.return_line USING btree (request_id);
CREATE INDEX idx_return_requ_order_i_dd0596 ON public.return_request USING btree (order_id);
CREATE INDEX idx_return_requ_restock_724472 ON public.return_request USING btree (restocked_in_id);
CREATE INDEX idx_session_member__97fec6 ON public.session USING btree (member_id);
CREATE INDEX idx_settlement__settlem_1aa034 ON public.settlement_return USING btree (settlement_id);
CREATE INDEX idx_settlement_order_i_5fbd29 ON public.settlement USING btree (order_id);
CREATE INDEX idx_settlement_supplie_267976 ON public.settlement USING btree (supplier_id, id);
CREATE INDEX idx_shipment_despatc_c693e3 ON public.shipment USING btree (despatched_from_id);
CREATE INDEX idx_shipment_li_order_l_7a3c0e ON public.shipment_line USING btree (order_line_id);
CREATE INDEX idx_shipment_li_shipmen_22768c ON public.shipment_line USING btree (shipment_id);
CREATE INDEX idx_shipment_order_i_c387a9 ON public.shipment USING btree (order_id);
CREATE INDEX idx_shipment_status_2a40ce ON public.shipment USING btree (status, warn_at);
CREATE INDEX idx_shipment_status_d81a6d ON public.shipment USING btree (status, accept_by);
CREATE INDEX idx_shipment_waybill_c9562f ON public.shipment USING btree (waybill);
CREATE INDEX idx_sign_in_fai_address_2f2093 ON public.sign_in_failure USING btree (address, created_at);
CREATE INDEX idx_sign_in_fai_name_sh_a6636d ON public.sign_in_failure USING btree (name_sha256, created_at);
CREATE INDEX idx_signature_company_cb9630 ON public.signature USING btree (company_id);
CREATE INDEX idx_signature_contrac_0175fa ON public.signature USING btree (contract_id);
CREATE INDEX idx_signature_member__a215e4 ON public.signature USING btree (member_id);
CREATE INDEX idx_signature_p_certifi_15b156 ON public.signature_preparation USING btree (certificate_id);
CREATE INDEX idx_signature_p_contrac_9a15ba ON public.signature_preparation USING btree (contract_id);
CREATE INDEX idx_signature_p_expires_7b5cdc ON public.signature_preparation USING btree (expires_at);
CREATE INDEX idx_signature_p_member__9e2f9b ON public.signature_preparation USING btree (member_id);
CREATE INDEX idx_signing_cer_company_494da1 ON public.signing_certificate USING btree (company_id);
CREATE INDEX idx_signing_cer_member__d9bd39 ON public.signing_certificate USING btree (member_id);
CREATE INDEX idx_sscc_series_supplie_54f70f ON public.sscc_series USING btree (supplier_id);
CREATE INDEX idx_sscc_shipmen_d523c2 ON public.sscc USING btree (shipment_id);
CREATE INDEX idx_sscc_supplie_07f6a3 ON public.sscc USING btree (supplier_id);
CREATE INDEX idx_statement_f_company_ab1db1 ON public.statement_file USING btree (company_id, id);
CREATE INDEX idx_statement_f_counter_66e3f3 ON public.statement_file USING btree (counterparty_id);
CREATE INDEX idx_statement_f_request_6eb5b0 ON public.statement_file USING btree (requester_id);
CREATE INDEX idx_statement_f_status_7ac4d9 ON public.statement_file USING btree (status, expires_at);
CREATE INDEX idx_stock_entry_order_i_3a9ff8 ON public.stock_entry USING btree (order_id, id);
CREATE INDEX idx_stock_entry_order_l_946b9e ON public.stock_entry USING btree (order_line_id);
CREATE INDEX idx_stock_entry_posting_ebc759 ON public.stock_entry USING btree (posting);
CREATE INDEX idx_stock_entry_product_37f0a7 ON public.stock_entry USING btree (product_id, id);
CREATE INDEX idx_stock_entry_supplie_e21b7c ON public.stock_entry USING btree (supplier_id, id);
CREATE INDEX idx_stock_entry_warehou_813a6a ON public.stock_entry USING btree (warehouse_id, id);
CREATE INDEX idx_stock_level_warehou_43350c ON public.stock_level USING btree (warehouse_id, id);
CREATE INDEX idx_tracking_ev_shipmen_515f40 ON public.tracking_event USING btree (shipment_id);
CREATE INDEX idx_warehouse_company_9c6988 ON public.warehouse USING btree (company_id, id);
CREATE UNIQUE INDEX ledger_fee_once ON public.ledger_entry USING btree (document_id) WHERE (((kind)::text = 'FEE'::text) AND ((account)::text = 'FEES'::text));
CREATE UNIQUE INDEX merchant_account_one_current ON public.merchant_account USING btree (company_id, method) WHERE (replaced_at IS NULL);
CREATE UNIQUE INDEX official_invoice_once ON public.official_invoice USING btree (supplier_id, code, number) WHERE ((status)::text = 'RECORDED'::text);
CREATE UNIQUE INDEX payment_obligation_one_prepayment ON public.payment_obligation USING btree (order_id) WHERE (invoice_id IS NULL);
CREATE INDEX payment_obligation_owed ON public.payment_obligation USING btree (due_on) WHERE (is_owed = true);
CREATE UNIQUE INDEX payment_reference_once ON public.payment USING btree (order_id, bank_reference) WHERE (((status)::text <> 'FAILED'::text) AND ((status)::text <> 'BOUNCED'::text));
CREATE INDEX product_words ON public.product USING gin (words);
CREATE UNIQUE INDEX quotation_one_open ON public.quotation USING btree (order_id) WHERE ((status)::text = 'SENT'::text);
CREATE UNIQUE INDEX reconciliation_difference_once ON public.reconciliation_difference USING btree (reconciliation_id, kind, entry, number, refund_number) WHERE (resolved_at IS NULL);
CREATE UNIQUE INDEX refund_reference_once ON public.refund USING btree (order_id, bank_reference) WHERE ((status)::text <> 'MISSED'::text);
CREATE UNIQUE INDEX shipment_waybill_once ON public.shipment USING btree (order_id, carrier, waybill) WHERE ((status)::text <> 'CANCELLED'::text);
CREATE UNIQUE INDEX signature_preparation_one_open ON public.signature_preparation USING btree (contract_id, side, member_id) WHERE ((status)::text = 'OPEN'::text);
CREATE UNIQUE INDEX warehouse_one_default ON public.warehouse USING btree (company_id) WHERE is_default;
CREATE TRIGGER agreement_call_off_kept BEFORE DELETE OR UPDATE ON public.agreement_call_off FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER agreement_file_kept BEFORE DELETE OR UPDATE ON public.agreement_file FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER agreement_price_kept BEFORE DELETE OR UPDATE ON public.agreement_price FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER agreement_signature_kept BEFORE DELETE OR UPDATE ON public.agreement_signature FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER alternative_kept BEFORE DELETE OR UPDATE ON public.alternative FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER approval_kept BEFORE DELETE OR UPDATE ON public.approval FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('status', 'version', 'tier', 'tier_since', 'review_at', 'escalated', 'decided_by_id', 'decided_at', 'reason');
CREATE TRIGGER approval_vote_kept BEFORE DELETE OR UPDATE ON public.approval_vote FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER attachment_kept BEFORE UPDATE ON public.attachment FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('status', 'order_id', 'order_line_id', 'message_id', 'shipment_id', 'return_request_id', 'loose_since');
CREATE TRIGGER billing_paper_kept BEFORE DELETE OR UPDATE ON public.billing_paper FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER budget_entry_kept BEFORE DELETE OR UPDATE ON public.budget_entry FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER budget_kept BEFORE DELETE OR UPDATE ON public.budget FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('period_start', 'period_end', 'amount', 'policy', 'reserved', 'consumed', 'entry_count');
CREATE TRIGGER budget_not_overdrawn BEFORE UPDATE ON public.budget FOR EACH ROW EXECUTE FUNCTION public.refuse_overdrawn_budget();
CREATE TRIGGER contract_allowance_kept BEFORE DELETE OR UPDATE ON public.contract_allowance FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER contract_file_kept BEFORE DELETE OR UPDATE ON public.contract_file FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER contract_kept BEFORE DELETE OR UPDATE ON public.contract FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('status', 'effective_at');
CREATE TRIGGER contract_line_kept BEFORE DELETE OR UPDATE ON public.contract_line FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER credit_entry_booked AFTER INSERT ON public.credit_entry FOR EACH ROW EXECUTE FUNCTION public.book_credit();
CREATE TRIGGER credit_entry_kept BEFORE DELETE OR UPDATE ON public.credit_entry FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER credit_line_begun BEFORE INSERT ON public.credit_line FOR EACH ROW WHEN ((new.reserved <> (0)::numeric)) EXECUTE FUNCTION public.refuse_unbooked_credit();
CREATE TRIGGER credit_line_booked BEFORE UPDATE ON public.credit_line FOR EACH ROW WHEN (((pg_trigger_depth() = 0) AND (old.reserved <> new.reserved))) EXECUTE FUNCTION public.refuse_unbooked_credit();
CREATE TRIGGER credit_line_kept BEFORE DELETE OR UPDATE ON public.credit_line FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('credit_limit', 'blocks_overdue', 'blocked_at', 'block_reason', 'remark', 'reserved', 'version');
CREATE TRIGGER credit_note_kept BEFORE DELETE OR UPDATE ON public.credit_note FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER credit_note_line_checked AFTER INSERT ON public.credit_note_line REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_credited();
CREATE TRIGGER credit_note_line_kept BEFORE DELETE OR UPDATE ON public.credit_note_line FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE CONSTRAINT TRIGGER credit_note_line_total AFTER INSERT ON public.credit_note_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_credited_total();
CREATE TRIGGER eta_revision_kept BEFORE DELETE OR UPDATE ON public.eta_revision FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER framework_agreement_kept BEFORE DELETE OR UPDATE ON public.framework_agreement FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('status', 'turn', 'version', 'called_off', 'effective_at', 'ended_at', 'ending_reason');
CREATE TRIGGER invoice_kept BEFORE DELETE OR UPDATE ON public.invoice FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('status', 'version', 'dispute_reason');
CREATE TRIGGER invoice_line_kept BEFORE DELETE OR UPDATE ON public.invoice_line FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON public.ledger_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.refuse_unbalanced_posting();
CREATE TRIGGER ledger_entry_kept BEFORE DELETE OR UPDATE ON public.ledger_entry FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER official_invoice_kept BEFORE DELETE OR UPDATE ON public.official_invoice FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('status', 'void_reason', 'voided_at');
CREATE TRIGGER package_kept BEFORE UPDATE ON public.package FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER package_line_checked AFTER INSERT ON public.package_line REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_packages();
CREATE TRIGGER package_line_kept BEFORE UPDATE ON public.package_line FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER price_list_kept BEFORE DELETE OR UPDATE ON public.price_list FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('name', 'valid_from', 'valid_to', 'archived_at', 'version');
CREATE TRIGGER product_stock_begun BEFORE INSERT ON public.product FOR EACH ROW WHEN (((COALESCE(new.stock_on_hand, (0)::numeric) <> (0)::numeric) OR (new.stock_reserved <> (0)::numeric))) EXECUTE FUNCTION public.refuse_unbooked_stock();
CREATE TRIGGER product_stock_booked BEFORE UPDATE ON public.product FOR EACH ROW WHEN (((pg_trigger_depth() = 0) AND ((COALESCE(old.stock_on_hand, (0)::numeric) <> COALESCE(new.stock_on_hand, (0)::numeric)) OR (old.stock_reserved <> new.stock_reserved) OR ((new.stock_on_hand IS NULL) AND (new.stock_reserved <> (0)::numeric))))) EXECUTE FUNCTION public.refuse_unbooked_stock();
CREATE TRIGGER promotion_kept BEFORE DELETE OR UPDATE ON public.promotion FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('used', 'ended_at', 'version');
CREATE TRIGGER promotion_product_kept BEFORE DELETE OR UPDATE ON public.promotion_product FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER quantity_entry_checked AFTER INSERT ON public.quantity_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_quantity_ledger();
CREATE TRIGGER quantity_entry_kept BEFORE DELETE OR UPDATE ON public.quantity_entry FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER quotation_allowance_kept BEFORE DELETE OR UPDATE ON public.quotation_allowance FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER quotation_kept BEFORE DELETE OR UPDATE ON public.quotation FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('status');
CREATE TRIGGER quotation_line_kept BEFORE DELETE OR UPDATE ON public.quotation_line FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER shipment_line_kept BEFORE UPDATE ON public.shipment_line FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('accepted', 'rejected', 'short', 'fault', 'reason');
CREATE TRIGGER signature_kept BEFORE DELETE OR UPDATE ON public.signature FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER signing_certificate_kept BEFORE DELETE OR UPDATE ON public.signing_certificate FOR EACH ROW EXECUTE FUNCTION public.keep_as_written('revoked_at', 'revoked_by_name');
CREATE TRIGGER sscc_kept BEFORE UPDATE ON public.sscc FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER stock_entry_booked AFTER INSERT ON public.stock_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.book_stock();
CREATE TRIGGER stock_entry_kept BEFORE DELETE OR UPDATE ON public.stock_entry FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
CREATE TRIGGER stock_level_booked BEFORE INSERT OR DELETE OR UPDATE ON public.stock_level FOR EACH ROW WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION public.refuse_unbooked_stock();
CREATE TRIGGER tracking_event_kept BEFORE DELETE OR UPDATE ON public.tracking_event FOR EACH ROW EXECUTE FUNCTION public.keep_as_written();
ALTER TABLE ONLY public.address
    ADD CONSTRAINT address_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.agreement_call_off
    ADD CONSTRAINT agreement_call_off_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES public.framework_agreement(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.agreement_call_off
    ADD CONSTRAINT agreement_call_off_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.agreement_file
    ADD CONSTRAINT agreement_file_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES public.framework_agreement(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.agreement_price
    ADD CONSTRAINT agreement_price_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES public.framework_agreement(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.agreement_price
    ADD CONSTRAINT agreement_price_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.agreement_signature
    ADD CONSTRAINT agreement_signature_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES public.framework_agreement(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.agreement_signature
    ADD CONSTRAINT agreement_signature_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.agreement_signature
    ADD CONSTRAINT agreement_signature_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.alternative
    ADD CONSTRAINT alternative_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.alternative
    ADD CONSTRAINT alternative_quotation_line_id_fkey FOREIGN KEY (quotation_line_id) REFERENCES public.quotation_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_created_by_id_fkey FOREIGN KEY (created_by_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.approval
    ADD CONSTRAINT approval_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.approval
    ADD CONSTRAINT approval_decided_by_id_fkey FOREIGN KEY (decided_by_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.approval
    ADD CONSTRAINT approval_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.approval
    ADD CONSTRAINT approval_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES public.quotation(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.approval
    ADD CONSTRAINT approval_requested_by_id_fkey FOREIGN KEY (requested_by_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.approval_rule
    ADD CONSTRAINT approval_rule_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.approval_vote
    ADD CONSTRAINT approval_vote_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.approval(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.approval_vote
    ADD CONSTRAINT approval_vote_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.approval_vote
    ADD CONSTRAINT approval_vote_voter_id_fkey FOREIGN KEY (voter_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT attachment_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT attachment_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.message(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT attachment_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT attachment_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT attachment_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES public.shipment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.attachment
    ADD CONSTRAINT attachment_uploader_id_fkey FOREIGN KEY (uploader_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.authenticator
    ADD CONSTRAINT authenticator_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.billing_paper
    ADD CONSTRAINT billing_paper_credit_note_id_fkey FOREIGN KEY (credit_note_id) REFERENCES public.credit_note(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.billing_paper
    ADD CONSTRAINT billing_paper_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoice(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.billing_profile
    ADD CONSTRAINT billing_profile_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.budget
    ADD CONSTRAINT budget_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.budget
    ADD CONSTRAINT budget_cost_centre_id_fkey FOREIGN KEY (cost_centre_id) REFERENCES public.cost_centre(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.budget_entry
    ADD CONSTRAINT budget_entry_budget_id_fkey FOREIGN KEY (budget_id) REFERENCES public.budget(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.budget_entry
    ADD CONSTRAINT budget_entry_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.carrier_account
    ADD CONSTRAINT carrier_account_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.carrier_push
    ADD CONSTRAINT carrier_push_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.carrier_account(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.carrier_push
    ADD CONSTRAINT carrier_push_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.category
    ADD CONSTRAINT category_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.category(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.commission_rule
    ADD CONSTRAINT commission_rule_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.category(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.commission_rule
    ADD CONSTRAINT commission_rule_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_agreement_id_fkey FOREIGN KEY (agreement_id) REFERENCES public.framework_agreement(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.contract_allowance
    ADD CONSTRAINT contract_allowance_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES public.contract(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.contract_file
    ADD CONSTRAINT contract_file_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES public.contract(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.contract_line
    ADD CONSTRAINT contract_line_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES public.contract(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.contract_line
    ADD CONSTRAINT contract_line_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.contract_line
    ADD CONSTRAINT contract_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES public.quotation(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_supersedes_id_fkey FOREIGN KEY (supersedes_id) REFERENCES public.contract(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.cost_centre
    ADD CONSTRAINT cost_centre_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.counter_offer_line
    ADD CONSTRAINT counter_offer_line_counter_offer_id_fkey FOREIGN KEY (counter_offer_id) REFERENCES public.counter_offer(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.counter_offer_line
    ADD CONSTRAINT counter_offer_line_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.counter_offer
    ADD CONSTRAINT counter_offer_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.counter_offer
    ADD CONSTRAINT counter_offer_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES public.quotation(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_line_id_fkey FOREIGN KEY (line_id) REFERENCES public.credit_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_entry
    ADD CONSTRAINT credit_entry_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_line
    ADD CONSTRAINT credit_line_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_line
    ADD CONSTRAINT credit_line_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoice(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_note_line
    ADD CONSTRAINT credit_note_line_credit_note_id_fkey FOREIGN KEY (credit_note_id) REFERENCES public.credit_note(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_note_line
    ADD CONSTRAINT credit_note_line_invoice_line_id_fkey FOREIGN KEY (invoice_line_id) REFERENCES public.invoice_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_return_request_id_fkey FOREIGN KEY (return_request_id) REFERENCES public.return_request(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.credit_note
    ADD CONSTRAINT credit_note_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.customer_grade
    ADD CONSTRAINT customer_grade_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_giver_id_fkey FOREIGN KEY (giver_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_taker_id_fkey FOREIGN KEY (taker_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_cost_centre_id_fkey FOREIGN KEY (cost_centre_id) REFERENCES public.cost_centre(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.enquiry_invitation
    ADD CONSTRAINT enquiry_invitation_enquiry_id_fkey FOREIGN KEY (enquiry_id) REFERENCES public.enquiry(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.enquiry_invitation
    ADD CONSTRAINT enquiry_invitation_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.enquiry_invitation
    ADD CONSTRAINT enquiry_invitation_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.enquiry_line
    ADD CONSTRAINT enquiry_line_enquiry_id_fkey FOREIGN KEY (enquiry_id) REFERENCES public.enquiry(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.enquiry_line
    ADD CONSTRAINT enquiry_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.enquiry_match
    ADD CONSTRAINT enquiry_match_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES public.enquiry_invitation(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.enquiry_match
    ADD CONSTRAINT enquiry_match_line_id_fkey FOREIGN KEY (line_id) REFERENCES public.enquiry_line(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.enquiry_match
    ADD CONSTRAINT enquiry_match_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.enquiry_match
    ADD CONSTRAINT enquiry_match_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.enquiry
    ADD CONSTRAINT enquiry_requester_id_fkey FOREIGN KEY (requester_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.eta_revision
    ADD CONSTRAINT eta_revision_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES public.shipment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.feed_entry
    ADD CONSTRAINT feed_entry_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.framework_agreement
    ADD CONSTRAINT framework_agreement_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.framework_agreement
    ADD CONSTRAINT framework_agreement_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.graded_customer
    ADD CONSTRAINT graded_customer_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.graded_customer
    ADD CONSTRAINT graded_customer_grade_id_fkey FOREIGN KEY (grade_id) REFERENCES public.customer_grade(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.graded_customer
    ADD CONSTRAINT graded_customer_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.invoice_line
    ADD CONSTRAINT invoice_line_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoice(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.invoice_line
    ADD CONSTRAINT invoice_line_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.invoice_series
    ADD CONSTRAINT invoice_series_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_counterparty_id_fkey FOREIGN KEY (counterparty_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoice(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.merchant_account
    ADD CONSTRAINT merchant_account_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.official_invoice
    ADD CONSTRAINT official_invoice_attachment_id_fkey FOREIGN KEY (attachment_id) REFERENCES public.attachment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.official_invoice
    ADD CONSTRAINT official_invoice_credit_note_id_fkey FOREIGN KEY (credit_note_id) REFERENCES public.credit_note(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.official_invoice
    ADD CONSTRAINT official_invoice_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoice(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.official_invoice
    ADD CONSTRAINT official_invoice_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.official_invoice
    ADD CONSTRAINT official_invoice_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES public.official_invoice(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.official_invoice
    ADD CONSTRAINT official_invoice_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.online_payment
    ADD CONSTRAINT online_payment_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.merchant_account(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.online_payment
    ADD CONSTRAINT online_payment_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.order_line
    ADD CONSTRAINT order_line_delivery_entry_id_fkey FOREIGN KEY (delivery_entry_id) REFERENCES public.address(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.order_line
    ADD CONSTRAINT order_line_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.order_line
    ADD CONSTRAINT order_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.order_template
    ADD CONSTRAINT order_template_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.order_template_line
    ADD CONSTRAINT order_template_line_delivery_entry_id_fkey FOREIGN KEY (delivery_entry_id) REFERENCES public.address(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.order_template_line
    ADD CONSTRAINT order_template_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.order_template_line
    ADD CONSTRAINT order_template_line_template_id_fkey FOREIGN KEY (template_id) REFERENCES public.order_template(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.order_template
    ADD CONSTRAINT order_template_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.package_line
    ADD CONSTRAINT package_line_package_id_fkey FOREIGN KEY (package_id) REFERENCES public.package(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.package_line
    ADD CONSTRAINT package_line_shipment_line_id_fkey FOREIGN KEY (shipment_line_id) REFERENCES public.shipment_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.package
    ADD CONSTRAINT package_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES public.shipment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment_allocation
    ADD CONSTRAINT payment_allocation_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoice(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment_allocation
    ADD CONSTRAINT payment_allocation_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment_notice
    ADD CONSTRAINT payment_notice_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.merchant_account(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment_notice
    ADD CONSTRAINT payment_notice_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment_obligation
    ADD CONSTRAINT payment_obligation_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES public.invoice(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment_obligation
    ADD CONSTRAINT payment_obligation_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_proof_id_fkey FOREIGN KEY (proof_id) REFERENCES public.attachment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment_refund
    ADD CONSTRAINT payment_refund_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment_refund
    ADD CONSTRAINT payment_refund_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.payment_reminder
    ADD CONSTRAINT payment_reminder_obligation_id_fkey FOREIGN KEY (obligation_id) REFERENCES public.payment_obligation(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.price_list
    ADD CONSTRAINT price_list_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.price_list
    ADD CONSTRAINT price_list_grade_id_fkey FOREIGN KEY (grade_id) REFERENCES public.customer_grade(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.price_list_item
    ADD CONSTRAINT price_list_item_price_list_id_fkey FOREIGN KEY (price_list_id) REFERENCES public.price_list(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.price_list_item
    ADD CONSTRAINT price_list_item_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.price_list
    ADD CONSTRAINT price_list_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.category(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.promotion
    ADD CONSTRAINT promotion_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.promotion
    ADD CONSTRAINT promotion_grade_id_fkey FOREIGN KEY (grade_id) REFERENCES public.customer_grade(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.promotion_product
    ADD CONSTRAINT promotion_product_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.promotion_product
    ADD CONSTRAINT promotion_product_promotion_id_fkey FOREIGN KEY (promotion_id) REFERENCES public.promotion(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.promotion
    ADD CONSTRAINT promotion_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.promotion_use
    ADD CONSTRAINT promotion_use_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.promotion_use
    ADD CONSTRAINT promotion_use_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.promotion_use
    ADD CONSTRAINT promotion_use_promotion_id_fkey FOREIGN KEY (promotion_id) REFERENCES public.promotion(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.purchase_order
    ADD CONSTRAINT purchase_order_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.purchase_order
    ADD CONSTRAINT purchase_order_cost_centre_id_fkey FOREIGN KEY (cost_centre_id) REFERENCES public.cost_centre(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.purchase_order
    ADD CONSTRAINT purchase_order_requester_id_fkey FOREIGN KEY (requester_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.purchase_order
    ADD CONSTRAINT purchase_order_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.quantity_entry
    ADD CONSTRAINT quantity_entry_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.quotation_allowance
    ADD CONSTRAINT quotation_allowance_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES public.quotation(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.quotation_line
    ADD CONSTRAINT quotation_line_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.quotation_line
    ADD CONSTRAINT quotation_line_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES public.quotation(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.quotation
    ADD CONSTRAINT quotation_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.read_mark
    ADD CONSTRAINT read_mark_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.read_mark
    ADD CONSTRAINT read_mark_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.read_state
    ADD CONSTRAINT read_state_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.read_state
    ADD CONSTRAINT read_state_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.message(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.read_state
    ADD CONSTRAINT read_state_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.reconciliation
    ADD CONSTRAINT reconciliation_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.merchant_account(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.reconciliation
    ADD CONSTRAINT reconciliation_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.reconciliation_difference
    ADD CONSTRAINT reconciliation_difference_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.reconciliation_difference
    ADD CONSTRAINT reconciliation_difference_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES public.reconciliation(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.refresh_token
    ADD CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.session(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.return_line
    ADD CONSTRAINT return_line_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.return_line
    ADD CONSTRAINT return_line_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.return_request(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.return_request
    ADD CONSTRAINT return_request_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.return_request
    ADD CONSTRAINT return_request_restocked_in_id_fkey FOREIGN KEY (restocked_in_id) REFERENCES public.warehouse(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.settlement
    ADD CONSTRAINT settlement_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.settlement
    ADD CONSTRAINT settlement_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.settlement_return
    ADD CONSTRAINT settlement_return_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES public.payment_refund(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.settlement_return
    ADD CONSTRAINT settlement_return_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES public.settlement(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.settlement
    ADD CONSTRAINT settlement_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.shipment
    ADD CONSTRAINT shipment_despatched_from_id_fkey FOREIGN KEY (despatched_from_id) REFERENCES public.warehouse(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.shipment_line
    ADD CONSTRAINT shipment_line_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.shipment_line
    ADD CONSTRAINT shipment_line_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES public.shipment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.shipment
    ADD CONSTRAINT shipment_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES public.contract(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.signature_preparation
    ADD CONSTRAINT signature_preparation_certificate_id_fkey FOREIGN KEY (certificate_id) REFERENCES public.signing_certificate(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.signature_preparation
    ADD CONSTRAINT signature_preparation_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES public.contract(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.signature_preparation
    ADD CONSTRAINT signature_preparation_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.signing_certificate
    ADD CONSTRAINT signing_certificate_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.signing_certificate
    ADD CONSTRAINT signing_certificate_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.sscc_series
    ADD CONSTRAINT sscc_series_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.sscc
    ADD CONSTRAINT sscc_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES public.shipment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.sscc
    ADD CONSTRAINT sscc_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.statement_file
    ADD CONSTRAINT statement_file_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.statement_file
    ADD CONSTRAINT statement_file_counterparty_id_fkey FOREIGN KEY (counterparty_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.statement_file
    ADD CONSTRAINT statement_file_requester_id_fkey FOREIGN KEY (requester_id) REFERENCES public.member(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.stock_entry
    ADD CONSTRAINT stock_entry_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.purchase_order(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.stock_entry
    ADD CONSTRAINT stock_entry_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES public.order_line(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.stock_entry
    ADD CONSTRAINT stock_entry_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.stock_entry
    ADD CONSTRAINT stock_entry_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES public.company(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.stock_entry
    ADD CONSTRAINT stock_entry_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES public.warehouse(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.stock_level
    ADD CONSTRAINT stock_level_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.product(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.stock_level
    ADD CONSTRAINT stock_level_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES public.warehouse(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.tracking_event
    ADD CONSTRAINT tracking_event_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES public.shipment(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.warehouse
    ADD CONSTRAINT warehouse_company_id_fkey FOREIGN KEY (company_id) REFERENCES public.company(id) ON DELETE RESTRICT;
