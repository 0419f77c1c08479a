// The modules: one for each audience, so that nobody ships what they do not use. An entry says where its bytes are.
import { Module } from "./guard.js";

export const client = new Module();
export const outbox = new Module();
export const full = new Module();
export const drain = new Module();
export const stripe = new Module();
export const lifecycle = new Module();
export const builders = new Module();
export const compat = new Module();
export const exceptions = new Module();
export const flags = new Module();
