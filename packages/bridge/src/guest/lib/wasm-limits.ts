import { reflectApply, reflectConstruct, objectDefineProperty, reflectGet, reflectGetOwnPropertyDescriptor, mathMin } from "../primordials.ts";
