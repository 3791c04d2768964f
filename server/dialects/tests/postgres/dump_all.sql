--
-- PostgreSQL database dump
--

\restrict a

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: a; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA a;


--
-- Name: b; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA b;


--
-- Name: cc; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA cc;


--
-- Name: shop; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA shop;


--
-- Name: SCHEMA shop; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA shop IS 'the shop';


--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: mm; Type: TYPE; Schema: b; Owner: -
--

CREATE TYPE b.mm AS ENUM (
    'w',
    'y',
    'z'
);


--
-- Name: address; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.address AS (
	street text,
	city character varying(50),
	zip integer
);


--
-- Name: TYPE address; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TYPE public.address IS 'where';


--
-- Name: floats; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.floats AS RANGE (
    subtype = double precision,
    multirange_type_name = public.floats_multirange
);


--
-- Name: mood; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.mood AS ENUM (
    'sad',
    'ok',
    'happy'
);


--
-- Name: us_zip; Type: DOMAIN; Schema: public; Owner: -
--

CREATE DOMAIN public.us_zip AS text
	CONSTRAINT us_zip_check CHECK ((VALUE ~ '^[0-9]{5}$'::text));


--
-- Name: status; Type: TYPE; Schema: shop; Owner: -
--

CREATE TYPE shop.status AS ENUM (
    'open',
    'closed'
);


--
-- Name: add(integer, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.add(a integer, b integer DEFAULT 1) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT a + b $$;


--
-- Name: FUNCTION add(a integer, b integer); Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON FUNCTION public.add(a integer, b integer) IS 'adds';


--
-- Name: clear(integer); Type: PROCEDURE; Schema: public; Owner: -
--

CREATE PROCEDURE public.clear(IN n integer)
    LANGUAGE sql
    AS $$ DELETE FROM t WHERE id = n $$;


--
-- Name: names(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.names(p text) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$SELECT name FROM t WHERE name = p$$;


--
-- Name: tab(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tab() RETURNS TABLE(id integer, name text)
    LANGUAGE sql
    AS $$ SELECT id, name FROM t $$;


--
-- Name: touch(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.name := 'x;y';
  RETURN NEW;
END;
$$;


--
-- Name: total(integer); Type: AGGREGATE; Schema: public; Owner: -
--

CREATE AGGREGATE public.total(integer) (
    SFUNC = int4pl,
    STYPE = integer,
    INITCOND = '0'
);


--
-- Name: s; Type: SEQUENCE; Schema: a; Owner: -
--

CREATE SEQUENCE a.s
    START WITH 5
    INCREMENT BY 2
    NO MINVALUE
    MAXVALUE 100
    CACHE 1;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: ser; Type: TABLE; Schema: a; Owner: -
--

CREATE TABLE a.ser (
    id integer NOT NULL
);


--
-- Name: ser_id_seq; Type: SEQUENCE; Schema: a; Owner: -
--

CREATE SEQUENCE a.ser_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: ser_id_seq; Type: SEQUENCE OWNED BY; Schema: a; Owner: -
--

ALTER SEQUENCE a.ser_id_seq OWNED BY a.ser.id;


--
-- Name: u; Type: TABLE; Schema: a; Owner: -
--

CREATE TABLE a.u (
    id integer NOT NULL,
    t_id integer
);


--
-- Name: u_id_seq; Type: SEQUENCE; Schema: a; Owner: -
--

ALTER TABLE a.u ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME a.u_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: e; Type: TABLE; Schema: b; Owner: -
--

CREATE TABLE b.e (
    m b.mm,
    ms b.mm[]
);


--
-- Name: tt; Type: TABLE; Schema: b; Owner: -
--

CREATE TABLE b.tt (
    id integer NOT NULL,
    xx bigint,
    y text DEFAULT 'y'::text NOT NULL,
    w character varying(10),
    CONSTRAINT t_w_check CHECK (((w)::text <> ''::text)),
    CONSTRAINT xx_pos CHECK ((xx > 0))
);

ALTER TABLE ONLY b.tt REPLICA IDENTITY FULL;


--
-- Name: here; Type: TABLE; Schema: cc; Owner: -
--

CREATE TABLE cc.here (
    id integer
);


--
-- Name: T b; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public."T b" (
    id bigint NOT NULL,
    name character varying(255) DEFAULT 'it''s'::character varying NOT NULL COLLATE pg_catalog."C",
    email text,
    age integer DEFAULT 5,
    f double precision DEFAULT '-1.5'::numeric,
    x integer DEFAULT (1 + 1),
    ts timestamp with time zone DEFAULT CURRENT_TIMESTAMP,
    tn timestamp without time zone DEFAULT now(),
    n text,
    b boolean DEFAULT true,
    num numeric(10,2) DEFAULT 0,
    g integer GENERATED ALWAYS AS ((age * 2)) STORED,
    m public.mood DEFAULT 'ok'::public.mood,
    s shop.status DEFAULT 'open'::shop.status NOT NULL,
    tags text[] DEFAULT '{}'::text[],
    j jsonb DEFAULT '{}'::jsonb NOT NULL,
    u uuid DEFAULT gen_random_uuid(),
    d date DEFAULT '2020-01-01'::date,
    iv interval DEFAULT '1 day'::interval,
    c character(3),
    p integer,
    q integer,
    i integer NOT NULL,
    CONSTRAINT "T b_age_check" CHECK ((age > 0)),
    CONSTRAINT "T b_check" CHECK (((age > 1) AND (p IS NOT NULL))),
    CONSTRAINT "T b_id_check" CHECK ((id <> 3)),
    CONSTRAINT old CHECK ((age < 200))
);


--
-- Name: T b_i_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public."T b" ALTER COLUMN i ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public."T b_i_seq"
    START WITH 10
    INCREMENT BY 5
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: T b_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public."T b_id_seq"
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: T b_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public."T b_id_seq" OWNED BY public."T b".id;


--
-- Name: parent; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.parent (
    id integer NOT NULL,
    a integer,
    b integer
);


--
-- Name: TABLE parent; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.parent IS 'the parents';


--
-- Name: COLUMN parent.a; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.parent.a IS 'an a';


--
-- Name: child; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.child (
    more integer
)
INHERITS (public.parent);


--
-- Name: parent_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.parent_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: parent_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.parent_id_seq OWNED BY public.parent.id;


--
-- Name: copy; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.copy (
    id integer DEFAULT nextval('public.parent_id_seq'::regclass) NOT NULL,
    a integer,
    b integer,
    extra text
);


--
-- Name: COLUMN copy.a; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON COLUMN public.copy.a IS 'an a';


--
-- Name: t; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.t (
    id integer NOT NULL,
    name text,
    home public.address,
    zip public.us_zip,
    range public.floats,
    owner text
);

ALTER TABLE ONLY public.t FORCE ROW LEVEL SECURITY;


--
-- Name: mv; Type: MATERIALIZED VIEW; Schema: public; Owner: -
--

CREATE MATERIALIZED VIEW public.mv AS
 SELECT t.name,
    count(*) AS n
   FROM public.t
  GROUP BY t.name
  WITH NO DATA;


--
-- Name: p; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.p (
    id integer,
    k text
)
PARTITION BY LIST (k);


--
-- Name: p_a; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.p_a (
    id integer,
    k text
);


--
-- Name: part; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.part (
    id integer NOT NULL,
    at date NOT NULL
)
PARTITION BY RANGE (at);


--
-- Name: part_2020; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.part_2020 (
    id integer NOT NULL,
    at date NOT NULL
);


--
-- Name: part_rest; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.part_rest (
    id integer NOT NULL,
    at date NOT NULL
);


--
-- Name: seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.seq
    START WITH 100
    INCREMENT BY 10
    NO MINVALUE
    MAXVALUE 1000
    CACHE 5
    CYCLE;


--
-- Name: SEQUENCE seq; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON SEQUENCE public.seq IS 'numbers';


--
-- Name: small; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.small
    AS smallint
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: v; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.v AS
 SELECT t.id,
    t.name
   FROM public.t
  WHERE (t.id > 0);


--
-- Name: VIEW v; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.v IS 'a view';


--
-- Name: lines; Type: TABLE; Schema: shop; Owner: -
--

CREATE UNLOGGED TABLE shop.lines (
    order_no bigint NOT NULL,
    line smallint NOT NULL,
    parent_id integer
);


--
-- Name: orders; Type: TABLE; Schema: shop; Owner: -
--

CREATE TABLE shop.orders (
    order_no bigint NOT NULL,
    total numeric(12,2) NOT NULL,
    state shop.status,
    during tstzrange,
    CONSTRAINT orders_total_check CHECK ((total >= (0)::numeric))
)
WITH (fillfactor='70');


--
-- Name: COLUMN orders.total; Type: COMMENT; Schema: shop; Owner: -
--

COMMENT ON COLUMN shop.orders.total IS 'in cents';


--
-- Name: orders_order_no_seq; Type: SEQUENCE; Schema: shop; Owner: -
--

ALTER TABLE shop.orders ALTER COLUMN order_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME shop.orders_order_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: p_a; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.p ATTACH PARTITION public.p_a FOR VALUES IN ('a');


--
-- Name: part_2020; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part ATTACH PARTITION public.part_2020 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');


--
-- Name: part_rest; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part ATTACH PARTITION public.part_rest DEFAULT;


--
-- Name: ser id; Type: DEFAULT; Schema: a; Owner: -
--

ALTER TABLE ONLY a.ser ALTER COLUMN id SET DEFAULT nextval('a.ser_id_seq'::regclass);


--
-- Name: T b id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public."T b" ALTER COLUMN id SET DEFAULT nextval('public."T b_id_seq"'::regclass);


--
-- Name: child id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.child ALTER COLUMN id SET DEFAULT nextval('public.parent_id_seq'::regclass);


--
-- Name: parent id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.parent ALTER COLUMN id SET DEFAULT nextval('public.parent_id_seq'::regclass);


--
-- Name: u u_pkey; Type: CONSTRAINT; Schema: a; Owner: -
--

ALTER TABLE ONLY a.u
    ADD CONSTRAINT u_pkey PRIMARY KEY (id);


--
-- Name: tt t_pkey; Type: CONSTRAINT; Schema: b; Owner: -
--

ALTER TABLE ONLY b.tt
    ADD CONSTRAINT t_pkey PRIMARY KEY (id);


--
-- Name: tt t_y_key; Type: CONSTRAINT; Schema: b; Owner: -
--

ALTER TABLE ONLY b.tt
    ADD CONSTRAINT t_y_key UNIQUE (y);


--
-- Name: T b T b_email_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public."T b"
    ADD CONSTRAINT "T b_email_key" UNIQUE (email);


--
-- Name: T b T b_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public."T b"
    ADD CONSTRAINT "T b_pkey" PRIMARY KEY (id, name);


--
-- Name: copy copy_a_b_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.copy
    ADD CONSTRAINT copy_a_b_key UNIQUE (a, b);


--
-- Name: copy copy_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.copy
    ADD CONSTRAINT copy_pkey PRIMARY KEY (id);


--
-- Name: parent parent_a_b_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.parent
    ADD CONSTRAINT parent_a_b_key UNIQUE (a, b);


--
-- Name: parent parent_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.parent
    ADD CONSTRAINT parent_pkey PRIMARY KEY (id);


--
-- Name: part part_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part
    ADD CONSTRAINT part_pkey PRIMARY KEY (id, at);


--
-- Name: part_2020 part_2020_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part_2020
    ADD CONSTRAINT part_2020_pkey PRIMARY KEY (id, at);


--
-- Name: part_rest part_rest_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part_rest
    ADD CONSTRAINT part_rest_pkey PRIMARY KEY (id, at);


--
-- Name: t t_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (id);


--
-- Name: T b u; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public."T b"
    ADD CONSTRAINT u UNIQUE (name, email);


--
-- Name: CONSTRAINT u ON "T b"; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON CONSTRAINT u ON public."T b" IS 'unique';


--
-- Name: lines lines_pk; Type: CONSTRAINT; Schema: shop; Owner: -
--

ALTER TABLE ONLY shop.lines
    ADD CONSTRAINT lines_pk PRIMARY KEY (order_no, line) INCLUDE (parent_id);


--
-- Name: orders orders_during_excl; Type: CONSTRAINT; Schema: shop; Owner: -
--

ALTER TABLE ONLY shop.orders
    ADD CONSTRAINT orders_during_excl EXCLUDE USING gist (during WITH &&) WHERE ((state = 'open'::shop.status));


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: shop; Owner: -
--

ALTER TABLE ONLY shop.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (order_no);


--
-- Name: j; Type: INDEX; Schema: b; Owner: -
--

CREATE INDEX j ON b.tt USING btree (xx);


--
-- Name: here_id_idx; Type: INDEX; Schema: cc; Owner: -
--

CREATE INDEX here_id_idx ON cc.here USING btree (id);


--
-- Name: T b_lower_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX "T b_lower_idx" ON public."T b" USING btree (lower(email));


--
-- Name: copy_a_b_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX copy_a_b_idx ON public.copy USING btree (a DESC NULLS LAST, b);


--
-- Name: INDEX copy_a_b_idx; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON INDEX public.copy_a_b_idx IS 'an index';


--
-- Name: copy_a_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX copy_a_idx ON public.copy USING btree (a);


--
-- Name: i1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX i1 ON public.parent USING btree (a DESC NULLS LAST, b);


--
-- Name: INDEX i1; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON INDEX public.i1 IS 'an index';


--
-- Name: i2; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX i2 ON public."T b" USING btree (lower((name)::text), ((age + 1)) DESC) WHERE ((age > 0) AND (email IS NOT NULL));


--
-- Name: i3; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX i3 ON public."T b" USING gin (tags);


--
-- Name: i4; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX i4 ON public."T b" USING gin (j jsonb_path_ops);


--
-- Name: i5; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX i5 ON public."T b" USING btree (email text_pattern_ops) INCLUDE (age);


--
-- Name: i6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX i6 ON public."T b" USING brin (id) WITH (pages_per_range='32');


--
-- Name: i7; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX i7 ON public."T b" USING btree (name, b);


--
-- Name: mv_name; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX mv_name ON public.mv USING btree (name);


--
-- Name: parent_a_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX parent_a_idx ON public.parent USING btree (a);


--
-- Name: trgm; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX trgm ON public.t USING gin (name public.gin_trgm_ops);


--
-- Name: shop_i; Type: INDEX; Schema: shop; Owner: -
--

CREATE INDEX shop_i ON shop.orders USING btree (state, total);


--
-- Name: part_2020_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.part_pkey ATTACH PARTITION public.part_2020_pkey;


--
-- Name: part_rest_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.part_pkey ATTACH PARTITION public.part_rest_pkey;


--
-- Name: t late; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER late AFTER INSERT ON public.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.touch();


--
-- Name: t once; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER once AFTER DELETE ON public.t REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.touch('a', 'b');


--
-- Name: TRIGGER once ON t; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER once ON public.t IS 'one';


--
-- Name: t touch_t; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER touch_t BEFORE INSERT OR UPDATE OF name ON public.t FOR EACH ROW WHEN ((new.name IS NOT NULL)) EXECUTE FUNCTION public.touch();


--
-- Name: u u_t_id_fkey; Type: FK CONSTRAINT; Schema: a; Owner: -
--

ALTER TABLE ONLY a.u
    ADD CONSTRAINT u_t_id_fkey FOREIGN KEY (t_id) REFERENCES b.tt(id) NOT VALID;


--
-- Name: T b T b_p_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public."T b"
    ADD CONSTRAINT "T b_p_fkey" FOREIGN KEY (p) REFERENCES public.parent(id);


--
-- Name: T b T b_p_q_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public."T b"
    ADD CONSTRAINT "T b_p_q_fkey" FOREIGN KEY (p, q) REFERENCES public.parent(a, b) MATCH FULL;


--
-- Name: T b fk_q; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public."T b"
    ADD CONSTRAINT fk_q FOREIGN KEY (q) REFERENCES public.parent(id) ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;


--
-- Name: lines lines_order_no_fkey; Type: FK CONSTRAINT; Schema: shop; Owner: -
--

ALTER TABLE ONLY shop.lines
    ADD CONSTRAINT lines_order_no_fkey FOREIGN KEY (order_no) REFERENCES shop.orders(order_no) ON DELETE CASCADE;


--
-- Name: lines lines_parent_id_fkey; Type: FK CONSTRAINT; Schema: shop; Owner: -
--

ALTER TABLE ONLY shop.lines
    ADD CONSTRAINT lines_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.parent(id);


--
-- Name: tt; Type: ROW SECURITY; Schema: b; Owner: -
--

ALTER TABLE b.tt ENABLE ROW LEVEL SECURITY;

--
-- Name: t make; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY make ON public.t FOR INSERT WITH CHECK ((name <> ''::text));


--
-- Name: t own; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY own ON public.t USING ((owner = CURRENT_USER));


--
-- Name: POLICY own ON t; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON POLICY own ON public.t IS 'mine';


--
-- Name: t read; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY read ON public.t AS RESTRICTIVE FOR SELECT USING ((id > 0));


--
-- Name: t; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;

--
-- PostgreSQL database dump complete
--

\unrestrict a

